using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A session, a token, a task, or what carries them, by the place where it comes from: a call, a parameter, a part of another, or the join of two.</summary>
internal readonly record struct ObjectId(object Origin)
{
    public bool IsTask => Origin is TaskOrigin;

    public bool IsWithin(ObjectId whole) => this == whole || (Origin is Part part && part.Whole.IsWithin(whole));
}

/// <summary>A join of two objects in a place, at the start of a block.</summary>
internal readonly record struct JoinOrigin(int Block, Place Place);

/// <summary>An element of a tuple or a property of a reply, with the states that it is in at first.</summary>
internal readonly record struct Part(ObjectId Whole, string Name, States Initial);

/// <summary>The task that a call returned.</summary>
internal readonly record struct TaskOrigin(IInvocationOperation Call);

/// <summary>What a value is kept in: a local, a parameter, or a temporary of the control flow graph.</summary>
internal readonly record struct Place(ISymbol? Symbol, CaptureId Capture)
{
    public static Place Of(ISymbol symbol) => new(symbol, default);

    public static Place Of(CaptureId capture) => new(null, capture);
}

/// <summary>What the analysis knows of a value.</summary>
internal abstract record Value
{
    /// <summary>Any value.</summary>
    public static readonly Value Unknown = new Anything();

    /// <summary>Null, or not yet assigned: no member can be used on it, so it says nothing where paths join.</summary>
    public static readonly Value Nothing = new Null();

    /// <summary>The objects that the value leads to.</summary>
    public virtual IEnumerable<ObjectId> Objects => [];

    private sealed record Anything : Value;

    private sealed record Null : Value;
}

/// <summary>A reference to a session, or a copy of a token: copies are used up together.</summary>
internal sealed record ObjectValue(ObjectId Id) : Value
{
    public override IEnumerable<ObjectId> Objects => [Id];
}

/// <summary>A task: the object that stands for it if it may be awaited only once, what it returns, and what holds once it has been awaited.</summary>
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

/// <summary>The state in which an object is once something is done. If it was done before the last step, it holds even if that one fails.</summary>
internal readonly record struct Promise(ObjectId Object, States State, bool Earlier = false);
