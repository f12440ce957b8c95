using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The identity of a session, token or task, or of a value that contains one: its origin, which is a call, a parameter, a part of another object, or a join.
/// </summary>
internal readonly record struct ObjectId(object Origin)
{
    public bool IsTask => Origin is TaskOrigin;

    public bool IsWithin(ObjectId whole) => this == whole || (Origin is Part part && part.Whole.IsWithin(whole));
}

/// <summary>The join of two objects in a place, at the start of a block.</summary>
internal readonly record struct JoinOrigin(int Block, Place Place);

/// <summary>An element of a tuple or a property of a reply, with its initial states.</summary>
internal readonly record struct Part(ObjectId Whole, string Name, States Initial);

/// <summary>The task that a call returned.</summary>
internal readonly record struct TaskOrigin(IInvocationOperation Call);

/// <summary>A storage location: a local, a parameter, or a temporary of the control-flow graph.</summary>
internal readonly record struct Place(ISymbol? Symbol, CaptureId Capture)
{
    public static Place Of(ISymbol symbol) => new(symbol, default);

    public static Place Of(CaptureId capture) => new(null, capture);
}

/// <summary>The knowledge of the analysis about a value.</summary>
internal abstract record Value
{
    /// <summary>Any value.</summary>
    public static readonly Value Unknown = new Anything();

    /// <summary>Null or not assigned: no member can be used on it, so a join ignores it.</summary>
    public static readonly Value Nothing = new Null();

    /// <summary>Gets the objects that the value refers to.</summary>
    public virtual IEnumerable<ObjectId> Objects => [];

    private sealed record Anything : Value;

    private sealed record Null : Value;
}

/// <summary>A reference to a session, or a copy of a token: all copies are consumed together.</summary>
internal sealed record ObjectValue(ObjectId Id) : Value
{
    public override IEnumerable<ObjectId> Objects => [Id];
}

/// <summary>A task: its own object if it can be awaited only once, its result, and its promises, which hold after it has been awaited.</summary>
internal sealed record PendingValue(ObjectId? Task, ObjectId? Result, IReadOnlyList<Promise> Promises) : Value
{
    public override IEnumerable<ObjectId> Objects
    {
        get
        {
            foreach (var promise in Promises)
                yield return promise.Object;
            if (Result is { } result)
                yield return result;
            if (Task is { } task)
                yield return task;
        }
    }

    public bool Equals(PendingValue? other) => other is not null && Task == other.Task && Result == other.Result && Promises.SequenceEqual(other.Promises);

    public override int GetHashCode() => Promises.Count;
}

/// <summary>The state of an object after an operation. If the operation precedes the last step, the state holds even if that step fails.</summary>
internal readonly record struct Promise(ObjectId Object, States State, bool Earlier = false);
