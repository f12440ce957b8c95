using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The evaluator, which applies one operation to the flow state. This part reads and writes variables; other parts apply calls, lanes, patterns and replies.
/// </summary>
internal sealed partial class Evaluator(Facts facts, TokenTypes types, Captures captures, ISymbol owner, Action<Demand, States> demanded)
{
    private readonly Dictionary<CaptureId, ISymbol> _targets = [];
    private FlowState _state = new();

    public void Evaluate(IOperation operation, FlowState state)
    {
        _state = state;
        _state.StartStatement();
        Visit(operation);
    }

    /// <summary>Applies a return statement: the caller then owns a returned token and must await a returned task.</summary>
    public void Return(IOperation operation, FlowState state)
    {
        _state = state;
        _state.StartStatement();
        var value = Visit(operation);
        if (value is PendingValue { Task: { } task })
            _state.Set(task, States.Unknown);
        else if (value is ObjectValue { Id: var id } && types.IsToken(operation.Type))
            UseUp(id, new Demand(DemandKind.Token, operation, null, operation.Syntax), States.Passed);
        else if (TokenTypes.IsReceiveLane(operation.Type))
            Check(new Demand(DemandKind.Token, operation, null, operation.Syntax), value);
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
            case IExpressionStatementOperation statement: return Drop(Visit(statement.Operation));
            case IConversionOperation { OperatorMethod: null } conversion: return Visit(conversion.Operand);
            case IConversionOperation conversion: return Convert(conversion);
            case IParenthesizedOperation parenthesized: return Visit(parenthesized.Operand);
            case IAwaitOperation wait: return Complete(Visit(wait.Operation), wait.Operation);
            case ISimpleAssignmentOperation assignment: return Assign(assignment);
            case IDeconstructionAssignmentOperation deconstruction: return Deconstruct(deconstruction);
            case IInvocationOperation call: return Invoke(call);
            case IObjectCreationOperation creation: return Construct(creation);
            case IPropertyReferenceOperation property: return Use(property);
            case IFieldReferenceOperation field: return Part(Visit(field.Instance), field.Field, field.Type);
            case IMethodReferenceOperation reference: return Refer(reference);
            case IFlowAnonymousFunctionOperation lambda: return Share(lambda.Symbol);
            case IIsPatternOperation match: return Match(match);
            case INameOfOperation: return Value.Unknown;
            case IDefaultValueOperation: return Value.Nothing;
            case IEventReferenceOperation or IIsNullOperation or IIsTypeOperation or IBinaryOperation or IUnaryOperation
                or IDelegateCreationOperation or IInterpolatedStringOperation or IInterpolationOperation or IInterpolatedStringTextOperation:
                foreach (var child in operation.ChildOperations)
                    Visit(child);
                return Value.Unknown;
            default:
                foreach (var value in operation.ChildOperations.Select(Visit).ToList())
                    _state.Escape(value);
                return Value.Unknown;
        }
    }

    private bool IsOwn(ISymbol variable) => SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, owner);

    private Value Read(ISymbol variable) => IsOwn(variable) ? _state.Read(Place.Of(variable)) : Value.Unknown;

    private void Write(ISymbol variable, Value value)
    {
        if (IsOwn(variable))
            Write(Place.Of(variable), value);
        else
            _state.Escape(value);
    }

    private void Write(Place place, Value value)
    {
        foreach (var task in _state.Write(place, value))
            Lose(task);
    }

    /// <summary>Demands that a task has been awaited, because no variable holds the task any longer.</summary>
    public void Lose(ObjectId task, FlowState state)
    {
        if (task.Origin is TaskOrigin { Call: var call } && (state[task] & States.Unknown) == 0)
            demanded(new Demand(DemandKind.Awaited, call.Instance, call.TargetMethod, call.Syntax), state[task]);
    }

    private void Lose(ObjectId task) => Lose(task, _state);

    private Value Drop(Value value)
    {
        if (value is PendingValue { Task: { } task } && !_state.Holds(task))
            Lose(task);
        return value;
    }

    private Value Complete(Value value, IOperation site)
    {
        if (value is PendingValue { Task: { } task })
            Check(new Demand(DemandKind.Await, site, (task.Origin as TaskOrigin?)?.Call.TargetMethod, site.Syntax), task);
        return _state.Complete(value);
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
        Write(Place.Of(capture.Id), value);
        return value;
    }

    private Value Assign(ISimpleAssignmentOperation assignment)
    {
        var value = Visit(assignment.Value);
        var variable = Variable(assignment.Target);
        if (variable is not null && assignment.IsRef)
        {
            _state.Share(variable);
            if (Variable(assignment.Value) is { } referred)
                _state.Share(referred);
        }
        else
        {
            AssignTo(assignment.Target, value);
        }

        return value;
    }

    private void AssignTo(IOperation target, Value value)
    {
        if (target is IFlowCaptureReferenceOperation captured)
            Write(Place.Of(captured.Id), value);
        if (Variable(target) is { } variable)
        {
            Write(variable, value);
        }
        else if (target is IDiscardOperation)
        {
            Drop(value);
        }
        else
        {
            Visit(target);
            _state.Escape(value);
        }
    }

    private ISymbol? Variable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation reference => reference.Local,
        IParameterReferenceOperation reference => reference.Parameter,
        IDeclarationExpressionOperation declaration => Variable(declaration.Expression),
        IFlowCaptureReferenceOperation reference => _targets.TryGetValue(reference.Id, out var symbol) ? symbol : null,
        _ => null,
    };

    private Value Use(IPropertyReferenceOperation property)
    {
        var instance = Visit(property.Instance);
        foreach (var argument in property.Arguments)
            _state.Escape(Visit(argument.Value));
        if (instance is PendingValue)
            return property.Property.Name == "Result" ? Complete(instance, property) : Value.Unknown;
        if (property.Property is { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
            return instance;
        if (facts.Of(property.Property).Requires is { } required)
            Check(new Demand(DemandKind.Stage, property.Instance, property.Property, property.Syntax, required), instance);
        return Part(instance, property.Property, property.Type);
    }

    private Value Refer(IMethodReferenceOperation reference)
    {
        var instance = Visit(reference.Instance);
        if (reference.Method.MethodKind == MethodKind.LocalFunction)
            return Share(reference.Method.OriginalDefinition);
        if (facts.Of(reference.Method).Ensures is not null || types.EffectOf(reference.Method) != TokenEffect.None)
            _state.Escape(instance);
        return Value.Unknown;
    }

    private void Check(Demand demand, Value value)
    {
        if (value is ObjectValue { Id: var id })
            Check(demand, id);
    }

    private void Check(Demand demand, ObjectId id)
    {
        var states = _state[id];
        if (demand.Kind == DemandKind.Run || (states & States.Unknown) == 0)
            demanded(demand, states);
    }

    private static SyntaxNode Site(SyntaxNode call) => call is InvocationExpressionSyntax invocation ? invocation.Expression : call;
}
