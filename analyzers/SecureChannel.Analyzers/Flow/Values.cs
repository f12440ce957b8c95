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

/// <summary>The origin of an object that joins two objects, which a place holds at the start of a block.</summary>
internal readonly record struct JoinOrigin(int Block, Place Place);

/// <summary>The origin of an object that is an element of a tuple or a property of a reply, with its initial states.</summary>
internal readonly record struct Part(ObjectId Whole, string Name, States Initial);

/// <summary>The origin of a task: the call that returned the task.</summary>
internal readonly record struct TaskOrigin(IInvocationOperation Call);

/// <summary>A storage location: a local, a parameter, or a temporary of the control-flow graph.</summary>
internal readonly record struct Place(ISymbol? Symbol, CaptureId Capture)
{
    public static Place Of(ISymbol symbol) => new(symbol, default);

    public static Place Of(CaptureId capture) => new(null, capture);
}

/// <summary>The information that the analysis has about a value.</summary>
internal abstract record Value
{
    /// <summary>A value that the analysis does not follow.</summary>
    public static readonly Value Unknown = new Anything();

    /// <summary>The null reference, or the value of an unassigned variable. Such a value has no members to use, so a join ignores it.</summary>
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

/// <summary>
/// A task: the object of the task if the task can be awaited only once, the object of its result, and the promises that hold after the task has been awaited.
/// </summary>
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

/// <summary>
/// The state of an object after an operation. If <paramref name="Earlier"/> is true, the operation precedes the last step, and the state holds even if the last
/// step fails.
/// </summary>
internal readonly record struct Promise(ObjectId Object, States State, bool Earlier = false);
