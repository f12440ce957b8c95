using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The part of the evaluator that applies the use of receiving lanes and borrowed tokens to the flow state.</summary>
internal sealed partial class Evaluator
{
    // The enumerated expressions, which the control-flow graph of a loop hides.
    private readonly Dictionary<ObjectId, IOperation> _enumerated = [];

    /// <summary>Gets the value of an enumeration, which is the enumerated lane: each step of the enumeration is an operation on the lane.</summary>
    private Value Enumerate(IInvocationOperation call, Value instance)
    {
        var source = call.Instance;
        foreach (var argument in call.Arguments)
        {
            var value = Visit(argument.Value);
            if (source is null)
                (source, instance) = (argument.Value, value);
            else
                _state.Escape(value);
        }

        if (instance is not ObjectValue { Id: var lane })
            return Value.Unknown;
        if (TokenTypes.IsReceiveLane(Demand.Origin(source!).Type))
            _enumerated[lane] = source!;
        return instance;
    }

    /// <summary>Applies a receive operation: the lane is busy until the returned task has been awaited, and valid afterwards.</summary>
    private Value Receive(IInvocationOperation call, ObjectId lane)
    {
        var subject = _enumerated.TryGetValue(lane, out var source) ? source : call.Instance!;
        Check(new Demand(DemandKind.Token, subject, call.TargetMethod, call.IsImplicit ? Demand.Origin(subject).Syntax : Site(call.Syntax)), lane);
        var promises = new List<Promise>();
        if ((_state[lane] & States.Valid) != 0)
        {
            _state.Set(lane, (_state[lane] & ~States.Valid) | States.Busy);
            promises.Add(new Promise(lane, States.Valid));
        }

        ObjectId? task = Tasks.IsTask(call.TargetMethod.ReturnType) ? new ObjectId(new TaskOrigin(call)) : null;
        if (task is { } once)
            _state.Create(once, States.Valid);
        var pending = new PendingValue(task, null, promises);
        return task is null ? _state.Complete(pending) : pending;
    }

    /// <summary>
    /// Passes a receiving lane to a method. A method that also receives the sending lane can join the two lanes; any other method can only enumerate the
    /// receiving lane.
    /// </summary>
    private void GiveLane(IArgumentOperation argument, ObjectId lane, ParameterFacts parameter, ISymbol? member, bool isWithSending, List<Promise> promises)
    {
        var demand = new Demand(DemandKind.Token, argument.Value, member, argument.Value.Syntax);
        if (parameter.Consumes)
            UseUp(lane, demand, States.Used);
        else if (isWithSending && !parameter.Borrows)
            UseUp(lane, demand, States.Passed);
        else
            Lend(demand, lane, promises);
    }

    /// <summary>
    /// Lends a token or lane to a method. Until the task of an asynchronous method completes, an operation on the token or lane can be in progress.
    /// </summary>
    private void Lend(Demand demand, ObjectId id, List<Promise> promises)
    {
        Check(demand, id);
        var states = _state[id];
        if ((states & States.Valid) == 0 || demand.Member is not IMethodSymbol { ReturnType: var result } || !Tasks.IsTask(result))
            return;
        _state.Set(id, states | States.Busy);
        promises.Add(new Promise(id, States.Valid));
    }
}
