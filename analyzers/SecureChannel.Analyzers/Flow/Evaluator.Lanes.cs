using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What one operation does to the state: lanes that receive, and what is lent.</summary>
internal sealed partial class Evaluator
{
    // What was enumerated, as a loop hides it.
    private readonly Dictionary<ObjectId, IOperation> _enumerated = [];

    /// <summary>An enumeration of a lane is the lane: each of its steps is an operation on it.</summary>
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

    /// <summary>A receive leaves the lane valid, and busy until its task has been awaited.</summary>
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

    /// <summary>Only together with the sending lane can a method join a lane that it is given; else it does no more than enumerate it.</summary>
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

    /// <summary>A token or lane is valid again once a method has completed that it is lent to; until then an operation of that one may be under way.</summary>
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
