using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A place where a session must be in a state.</summary>
internal readonly record struct Demand(IOperation? Session, ISymbol Member, SyntaxNode Site, States Required);

/// <summary>What one operation does to the state.</summary>
internal sealed class Evaluator(Facts facts, Captures captures, ISymbol owner, Action<Demand, States> demanded)
{
    private readonly Dictionary<CaptureId, ISymbol> _targets = [];
    private FlowState _state = new();

    public void Evaluate(IOperation operation, FlowState state)
    {
        _state = state;
        Visit(operation);
    }

    private Value Visit(IOperation? operation)
    {
        if (operation is null)
            return Value.Unknown;
        if (operation.ConstantValue is { HasValue: true, Value: null })
            return Value.Nothing;
        switch (operation)
        {
            case ILocalReferenceOperation reference: return Read(reference.Local);
            case IParameterReferenceOperation reference: return Read(reference.Parameter);
            case IFlowCaptureReferenceOperation reference: return _state.Read(Place.Of(reference.Id));
            case IFlowCaptureOperation capture: return Capture(capture);
            case IExpressionStatementOperation statement: return Visit(statement.Operation);
            case IConversionOperation { OperatorMethod: null } conversion: return Visit(conversion.Operand);
            case IParenthesizedOperation parenthesized: return Visit(parenthesized.Operand);
            case IAwaitOperation wait: return _state.Complete(Visit(wait.Operation));
            case ISimpleAssignmentOperation assignment: return Assign(assignment);
            case IDeconstructionAssignmentOperation deconstruction: return Deconstruct(deconstruction);
            case IInvocationOperation call: return Invoke(call);
            case IObjectCreationOperation creation: return Construct(creation);
            case IPropertyReferenceOperation property: return Use(property);
            case IMethodReferenceOperation reference: return Refer(reference);
            case IFlowAnonymousFunctionOperation lambda: return Share(lambda.Symbol);
            case IIsPatternOperation match: return Match(match);
            case INameOfOperation: return Value.Unknown;
            case IFieldReferenceOperation or IEventReferenceOperation or IIsNullOperation or IIsTypeOperation or IBinaryOperation or IUnaryOperation
                or IDelegateCreationOperation or IInterpolatedStringOperation or IInterpolationOperation or IInterpolatedStringTextOperation:
                foreach (var child in operation.ChildOperations)
                    Visit(child);
                return Value.Unknown;
            default:
                foreach (var child in operation.ChildOperations)
                    _state.Escape(Visit(child));
                return Value.Unknown;
        }
    }

    private bool IsOwn(ISymbol variable) => SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, owner);

    private Value Read(ISymbol variable) => IsOwn(variable) ? _state.Read(Place.Of(variable)) : Value.Unknown;

    private void Write(ISymbol variable, Value value)
    {
        if (IsOwn(variable))
            _state.Write(Place.Of(variable), value);
        else
            _state.Escape(value);
    }

    private Value Share(IMethodSymbol function)
    {
        foreach (var variable in captures.ChangedBy(function))
            _state.Share(variable);
        return Value.Unknown;
    }

    private Value Capture(IFlowCaptureOperation capture)
    {
        if (Variable(capture.Value) is { } variable)
            _targets[capture.Id] = variable;
        var value = Visit(capture.Value);
        _state.Write(Place.Of(capture.Id), value);
        return value;
    }

    private Value Assign(ISimpleAssignmentOperation assignment)
    {
        var target = assignment.Target;
        var value = Visit(assignment.Value);
        if (target is IFlowCaptureReferenceOperation captured)
            _state.Write(Place.Of(captured.Id), value);
        var variable = target is IFlowCaptureReferenceOperation reference && _targets.TryGetValue(reference.Id, out var symbol) ? symbol : Variable(target);
        if (variable is not null && assignment.IsRef)
        {
            _state.Share(variable);
            if (Variable(assignment.Value) is { } referred)
                _state.Share(referred);
        }
        else if (variable is not null)
        {
            Write(variable, value);
        }
        else if (target is not IDiscardOperation)
        {
            Visit(target);
            _state.Escape(value);
        }

        return value;
    }

    private Value Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        _state.Escape(Visit(deconstruction.Value));
        foreach (var target in deconstruction.Target.DescendantsAndSelf())
        {
            if (Variable(target) is { } variable)
                Write(variable, Value.Unknown);
        }

        return Value.Unknown;
    }

    private static ISymbol? Variable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation reference => reference.Local,
        IParameterReferenceOperation reference => reference.Parameter,
        IDeclarationExpressionOperation declaration => Variable(declaration.Expression),
        _ => null,
    };

    private Value Invoke(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var instance = Visit(call.Instance);
        if (instance is PendingValue && Tasks.PassesOn(method))
        {
            VisitArguments(call);
            return instance;
        }

        if (instance is PendingValue && Tasks.Completes(method))
            return _state.Complete(instance);
        if (Tasks.IsWhenAll(method) || Tasks.IsWaitAll(method))
            return All(call);
        if (instance is PendingValue)
            _state.Escape(instance);
        if (method.MethodKind == MethodKind.LocalFunction)
            Share(method.OriginalDefinition);
        var known = facts.Of(method);
        var promises = Pass(call.Arguments, known, method);
        if (known.Requires is { } required)
            Check(new Demand(call.Instance, method, Site(call.Syntax), required), instance);
        if (known.Ensures is { } ensured && instance is SessionValue session)
            promises.Add(new Promise(session.Id, ensured));
        SessionId? result = known.Returns is { } states ? new SessionId(call) : null;
        if (result is { } created)
            _state.Create(created, known.Returns!.Value);
        if (result is null && promises.Count == 0)
            return Value.Unknown;
        var pending = new PendingValue(result, promises);
        return Tasks.IsTask(method.ReturnType) ? pending : _state.Complete(pending);
    }

    private Value Construct(IObjectCreationOperation creation)
    {
        var known = creation.Constructor is { } constructor ? facts.Of(constructor) : MemberFacts.None;
        var promises = Pass(creation.Arguments, known, creation.Constructor ?? (ISymbol)creation.Type!);
        _state.Complete(new PendingValue(null, promises));
        return known.Ensures is { } states ? _state.Create(new SessionId(creation), states) : Value.Unknown;
    }

    /// <summary>Passes arguments: what the attributes say of them holds; a session that they say nothing of is lost.</summary>
    private List<Promise> Pass(IEnumerable<IArgumentOperation> arguments, MemberFacts known, ISymbol member)
    {
        var promises = new List<Promise>();
        var passed = new List<(IArgumentOperation Argument, Value Value, ParameterFacts Facts)>();
        foreach (var argument in arguments)
        {
            var ordinal = argument.Parameter?.Ordinal ?? int.MaxValue;
            passed.Add((argument, Visit(argument.Value), ordinal < known.Parameters.Length ? known.Parameters[ordinal] : default));
        }

        foreach (var (argument, value, parameter) in passed)
        {
            if (parameter.InState is { } required)
                Check(new Demand(argument.Value, member, argument.Value.Syntax, required), value);
            if (parameter.Ensures is { } ensured && value is SessionValue session)
                promises.Add(new Promise(session.Id, ensured));
            else if (parameter.InState is null)
                _state.Escape(value);
            if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out } && Variable(argument.Value) is { } variable)
                Write(variable, Value.Unknown);
        }

        return promises;
    }

    private void VisitArguments(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
            _state.Escape(Visit(argument.Value));
    }

    /// <summary>Task.WhenAll and Task.WaitAll over tasks that stand in the call.</summary>
    private Value All(IInvocationOperation call)
    {
        var promises = new List<Promise>();
        foreach (var argument in call.Arguments)
        {
            IEnumerable<IOperation> elements = argument.Value switch
            {
                IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
                ICollectionExpressionOperation collection => collection.Elements,
                IConversionOperation { Operand: ICollectionExpressionOperation collection } => collection.Elements,
                _ => [argument.Value],
            };
            foreach (var element in elements)
            {
                if (Visit(element) is PendingValue pending)
                    promises.AddRange(pending.Promises);
            }
        }

        var all = new PendingValue(null, promises);
        return Tasks.IsWhenAll(call.TargetMethod) ? all : _state.Complete(all);
    }

    private Value Use(IPropertyReferenceOperation property)
    {
        var instance = Visit(property.Instance);
        foreach (var argument in property.Arguments)
            _state.Escape(Visit(argument.Value));
        if (instance is PendingValue)
            return property.Property.Name == "Result" ? _state.Complete(instance) : Value.Unknown;
        if (facts.Of(property.Property).Requires is { } required)
            Check(new Demand(property.Instance, property.Property, property.Syntax, required), instance);
        return Value.Unknown;
    }

    private Value Refer(IMethodReferenceOperation reference)
    {
        var instance = Visit(reference.Instance);
        if (reference.Method.MethodKind == MethodKind.LocalFunction)
            return Share(reference.Method.OriginalDefinition);
        if (facts.Of(reference.Method).Ensures is not null)
            _state.Escape(instance);
        return Value.Unknown;
    }

    private Value Match(IIsPatternOperation match)
    {
        Bind(match.Pattern, Visit(match.Value));
        return Value.Unknown;
    }

    private void Bind(IPatternOperation pattern, Value value)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol }:
                Write(symbol, value);
                break;
            case IRecursivePatternOperation recursive:
                if (recursive.DeclaredSymbol is { } whole)
                    Write(whole, value);
                foreach (var part in recursive.PropertySubpatterns)
                    Bind(part.Pattern, Value.Unknown);
                foreach (var part in recursive.DeconstructionSubpatterns)
                    Bind(part, Value.Unknown);
                break;
            case INegatedPatternOperation negated:
                Bind(negated.Pattern, value);
                break;
            case IBinaryPatternOperation binary:
                Bind(binary.LeftPattern, value);
                Bind(binary.RightPattern, value);
                break;
        }
    }

    private void Check(Demand demand, Value value)
    {
        if (value is SessionValue session && (_state[session.Id] & States.Unknown) == 0)
            demanded(demand, _state[session.Id]);
    }

    private static SyntaxNode Site(SyntaxNode call) =>
        call is Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax invocation ? invocation.Expression : call;
}
