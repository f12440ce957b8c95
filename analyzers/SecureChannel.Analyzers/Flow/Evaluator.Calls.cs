using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The part of the evaluator that applies calls to the flow state.</summary>
internal sealed partial class Evaluator
{
    private Value Invoke(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var instance = Visit(call.Instance);
        if (instance is PendingValue pending && Tasks.PassesOn(method))
        {
            foreach (var argument in call.Arguments)
                _state.Escape(Visit(argument.Value));
            return Tasks.MayRepeat(method) ? Hand(pending, call) : pending;
        }

        if (instance is PendingValue && Tasks.Completes(method))
            return Complete(instance, call);
        if (Lanes.IsEnumeration(method))
            return Enumerate(call, instance);
        if (instance is ObjectValue { Id: var lane } && Lanes.Receives(method))
            return Receive(call, lane);
        if (Tasks.IsWhenAll(method) || Tasks.IsWaitAll(method))
            return All(call);
        if (instance is PendingValue)
            _state.Escape(instance);
        if (method is { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
            return instance;
        if (method.MethodKind == MethodKind.LocalFunction)
            Share(method.OriginalDefinition);
        var known = facts.Of(method);
        var promises = Pass(call.Arguments, known, method);
        if (known.Requires is { } required)
            Check(new Demand(DemandKind.Stage, call.Instance, method, Site(call.Syntax), required), instance);
        if (instance is ObjectValue { Id: var id })
            Operate(call, id, known, promises);
        return Result(call, known, promises);
    }

    /// <summary>
    /// Applies an operation on a session or token. The promises contain the states after the operation completes; until then, a token is busy.
    /// </summary>
    private void Operate(IInvocationOperation call, ObjectId id, MemberFacts known, List<Promise> promises)
    {
        if (known.Ensures is { } ensured)
            promises.Add(new Promise(id, ensured));
        var effect = types.EffectOf(call.TargetMethod);
        if (effect == TokenEffect.None)
            return;
        var demand = new Demand(DemandKind.Token, call.Instance, call.TargetMethod, Site(call.Syntax));
        Check(demand, id);
        if (effect == TokenEffect.Consumes)
            CheckBorrowed(demand, id);
        _state.Set(id, States.Busy);
        promises.Add(new Promise(id, effect == TokenEffect.Loops ? States.Valid : States.Used));
    }

    private Value Result(IInvocationOperation call, MemberFacts known, List<Promise> promises)
    {
        var method = call.TargetMethod;
        var isTask = Tasks.IsTask(method.ReturnType);
        ObjectId? result = null;
        if ((known.Returns ?? types.InitialOf(isTask ? Tasks.ResultOf(method.ReturnType) : method.ReturnType)) is not States.None and var states)
        {
            result = new ObjectId(call);
            _state.Create(new ObjectId(call), (states & States.Stages) == 0 ? states : states | States.Unbegun);
        }

        ObjectId? task = null;
        if (types.EffectOf(method) != TokenEffect.None || types.IsChain(method))
        {
            task = isTask ? new ObjectId(new TaskOrigin(call)) : null;
            if (task is { } once)
                _state.Create(once, States.Valid);
        }

        if (result is null && task is null && promises.Count == 0)
            return Value.Unknown;
        var pending = new PendingValue(task, result, promises);
        return isTask ? pending : _state.Complete(pending);
    }

    private Value Construct(IObjectCreationOperation creation)
    {
        var known = creation.Constructor is { } constructor ? facts.Of(constructor) : MemberFacts.None;
        var promises = Pass(creation.Arguments, known, creation.Constructor ?? (ISymbol?)creation.Type);
        _state.Do(promises);
        var states = known.Ensures is { } ensured ? ensured | States.Unbegun : types.IsToken(creation.Type) ? States.None : types.InitialOf(creation.Type);
        return states == States.None ? Value.Unknown : _state.Create(new ObjectId(creation), states);
    }

    private Value Convert(IConversionOperation conversion)
    {
        var value = Visit(conversion.Operand);
        if (value is ObjectValue { Id: var id } && types.IsToken(conversion.Operand.Type))
            UseUp(id, new Demand(DemandKind.Token, conversion.Operand, conversion.OperatorMethod, conversion.Operand.Syntax), States.Passed);
        else
            _state.Escape(value);
        return Value.Unknown;
    }

    /// <summary>
    /// Passes the arguments of a call. The attributes of a parameter determine the effect on its argument. Without attributes, a session escapes, and the
    /// method can consume a token.
    /// </summary>
    private List<Promise> Pass(IEnumerable<IArgumentOperation> arguments, MemberFacts known, ISymbol? member)
    {
        var promises = new List<Promise>();
        var passed = new List<(IArgumentOperation Argument, Value Value, ParameterFacts Facts)>();
        foreach (var argument in arguments)
        {
            var ordinal = argument.Parameter?.Ordinal ?? int.MaxValue;
            passed.Add((argument, Visit(argument.Value), ordinal < known.Parameters.Length ? known.Parameters[ordinal] : default));
        }

        var isWithSending = passed.Any(entry => types.IsSendLane(entry.Argument.Value.Type));
        foreach (var (argument, value, parameter) in passed)
        {
            if (parameter.InState is { } required)
                Check(new Demand(DemandKind.Stage, argument.Value, member, argument.Value.Syntax, required), value);
            if (value is ObjectValue { Id: var lane } && TokenTypes.IsReceiveLane(Demand.Origin(argument.Value).Type))
                GiveLane(argument, lane, parameter, member, isWithSending, promises);
            else if (value is ObjectValue { Id: var id })
                Give(argument, id, parameter, member, promises);
            else if (value is PendingValue pending && Tasks.ResultOf(argument.Parameter?.OriginalDefinition.Type ?? argument.Value.Type!) is { } result && types.IsToken(result))
                Chain(pending, argument.Value, promises);
            else
                _state.Escape(value);
            if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out } && Variable(argument.Value) is { } variable)
                Write(variable, FreshFrom(argument));
        }

        return promises;
    }

    private void Give(IArgumentOperation argument, ObjectId id, ParameterFacts parameter, ISymbol? member, List<Promise> promises)
    {
        var demand = new Demand(DemandKind.Token, argument.Value, member, argument.Value.Syntax);
        if (argument.Parameter is { RefKind: RefKind.Out })
            return;
        if (argument.Parameter is not { RefKind: RefKind.Ref } && types.IsToken(argument.Parameter?.OriginalDefinition.Type))
        {
            if (parameter.Borrows || argument.Parameter!.RefKind is RefKind.In or RefKind.RefReadOnlyParameter)
                Lend(demand, id, promises);
            else
                UseUp(id, demand, parameter.Consumes ? States.Used : States.Passed);
            return;
        }

        if (parameter.Consumes && (_state[id] & States.Runs) != 0)
        {
            Check(demand with { Kind = DemandKind.Run }, id);
            _state.Do([new Promise(id, States.Begun)]);
        }

        if (parameter.Ensures is { } ensured)
            promises.Add(new Promise(id, ensured));
        else if (parameter.InState is null)
            _state.Escape(new ObjectValue(id));
    }

    private void UseUp(ObjectId id, Demand demand, States states)
    {
        Check(demand, id);
        CheckBorrowed(demand, id);
        _state.Do([new Promise(id, states)]);
    }

    private void CheckBorrowed(Demand demand, ObjectId id)
    {
        if (id.Origin is IParameterSymbol { ContainingSymbol: IMethodSymbol method } parameter
            && (parameter.RefKind == RefKind.In || (facts.Of(method).Parameters is var known && parameter.Ordinal < known.Length && known[parameter.Ordinal].Borrows)))
            demanded(demand with { Kind = DemandKind.Borrowed }, States.Used);
    }

    /// <summary>Passes the task of a token to a method that awaits the task. The promises of the task hold when that method has completed.</summary>
    private void Chain(PendingValue pending, IOperation site, List<Promise> promises)
    {
        var earlier = Hand(pending, site);
        promises.AddRange(earlier.Promises.Select(promise => promise with { Earlier = true }));
        if (earlier.Result is { } token)
            promises.Add(new Promise(token, States.Used));
    }

    /// <summary>Marks a task that can be awaited only once as awaited, because the code that receives the task awaits it.</summary>
    private PendingValue Hand(PendingValue pending, IOperation site)
    {
        if (pending.Task is not { } task)
            return pending;
        Check(new Demand(DemandKind.Await, site, (task.Origin as TaskOrigin?)?.Call.TargetMethod, site.Syntax), task);
        _state.Set(task, States.Used);
        return pending with { Task = null };
    }

    private Value FreshFrom(IArgumentOperation argument) =>
        argument.Parameter is { RefKind: RefKind.Out, Type: var type } && types.InitialOf(type) is not States.None and var states
            ? _state.Create(new ObjectId(argument), states)
            : Value.Unknown;

    /// <summary>Applies Task.WhenAll and Task.WaitAll to the tasks in the call's arguments.</summary>
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
                    promises.AddRange(Hand(pending, element).Promises);
            }
        }

        var all = new PendingValue(null, null, promises);
        return Tasks.IsWhenAll(call.TargetMethod) ? all : _state.Complete(all);
    }
}
