using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The states that a session may be in at a point of the program: one bit for each member of SecureChannel.SessionState, which joins by "or".</summary>
[Flags]
internal enum States
{
    None = 0,
    Created = 1,
    Established = 2,

    /// <summary>Something that is not followed had its hands on the session: nothing is said of it.</summary>
    Unknown = 1 << 30,
}

/// <summary>A session, by the place where it comes from: a call, a parameter, or the join of two others.</summary>
internal readonly record struct SessionId(object Origin);

/// <summary>What a value is kept in: a local, a parameter, or a temporary of the control flow graph.</summary>
internal readonly record struct Place(ISymbol? Symbol, CaptureId Capture)
{
    public static Place Of(ISymbol symbol) => new(symbol, default);

    public static Place Of(CaptureId capture) => new(null, capture);
}

/// <summary>A join of two sessions in a place, at the start of a block.</summary>
internal readonly record struct JoinOrigin(int Block, Place Place);

/// <summary>What the analysis knows of a value.</summary>
internal abstract record Value
{
    /// <summary>Any value.</summary>
    public static readonly Value Unknown = new Anything();

    /// <summary>Null, or not yet assigned: no member can be used on it, so it says nothing where paths join.</summary>
    public static readonly Value Nothing = new Null();

    /// <summary>The sessions that the value leads to.</summary>
    public virtual IEnumerable<SessionId> Sessions => [];

    private sealed record Anything : Value;

    private sealed record Null : Value;
}

/// <summary>A reference to a session.</summary>
internal sealed record SessionValue(SessionId Id) : Value
{
    public override IEnumerable<SessionId> Sessions => [Id];
}

/// <summary>A task: what holds once it has been awaited, and the session that it returns.</summary>
internal sealed record PendingValue(SessionId? Result, IReadOnlyList<Promise> Promises) : Value
{
    public override IEnumerable<SessionId> Sessions =>
        Result is { } result ? Promises.Select(promise => promise.Session).Append(result) : Promises.Select(promise => promise.Session);

    public bool Equals(PendingValue? other) => other is not null && Result == other.Result && Promises.SequenceEqual(other.Promises);

    public override int GetHashCode() => Promises.Count;
}

/// <summary>The state in which a session is once a task has been awaited.</summary>
internal readonly record struct Promise(SessionId Session, States State);
