using System.Net.Sockets;

namespace SecureChannel.Simulation;

/// <summary>A failure of the network in one direction.</summary>
internal enum LinkFault
{
    None,

    /// <summary>Nothing is delivered for a while.</summary>
    Stall,

    /// <summary>Everything after a position is lost, and neither end notices.</summary>
    Drop,

    /// <summary>The reader reads the end of the stream at a position.</summary>
    Truncate,

    /// <summary>One bit is changed.</summary>
    Flip,

    /// <summary>The connection is reset: all operations at both ends throw.</summary>
    Reset,
}

/// <summary>The properties of one direction of the network.</summary>
internal sealed record LinkPlan
{
    /// <summary>Gets the number of bytes that are accepted before a writer waits.</summary>
    public required int Capacity { get; init; }

    public required TimeSpan Latency { get; init; }

    /// <summary>Gets the maximum number of bytes that are delivered at once.</summary>
    public required int MaxChunk { get; init; }

    public LinkFault Fault { get; init; }

    /// <summary>Gets the number of delivered bytes after which the fault occurs.</summary>
    public long FaultPosition { get; init; }

    public TimeSpan StallTime { get; init; }

    /// <summary>Gets a value that indicates whether a write throws after the peer has closed its transport. Otherwise, the bytes are lost.</summary>
    public bool WritesThrowAfterPeerClosed { get; init; }
}

/// <summary>A member of a transport.</summary>
internal enum TransportMember
{
    Read,
    Write,
    Flush,
    Dispose,
}

/// <summary>A call of a transport that fails.</summary>
/// <param name="Member">The member that fails.</param>
/// <param name="Call">The number of the call that fails, from 1. Later calls fail too.</param>
/// <param name="Exception">The index of the exception in <see cref="HostileExceptions"/>, or -1 for a call that never completes.</param>
/// <param name="IsSynchronous">True if the call itself throws; false if its task fails.</param>
internal sealed record MemberFault(TransportMember Member, int Call, int Exception, bool IsSynchronous);

/// <summary>The behavior of one end's transport.</summary>
internal sealed record TransportPlan
{
    public bool IgnoresTokens { get; init; }

    /// <summary>Gets a value that indicates whether disposal leaves pending operations pending.</summary>
    public bool AbandonsPendingOperations { get; init; }

    /// <summary>Gets a value that indicates whether a completed operation runs its continuation on the stack of the event.</summary>
    public bool CompletesInline { get; init; }

    public int ShortReadPercent { get; init; }

    public MemberFault? Fault { get; init; }
}

/// <summary>The exceptions that a hostile transport throws.</summary>
internal static class HostileExceptions
{
    public const int Count = 8;

    public static Exception Create(int index) => index switch
    {
        0 => new IOException("The simulated transport failed."),
        1 => new SocketException((int)SocketError.ConnectionReset),
        2 => new TimeoutException("The simulated transport timed out."),
        3 => new ObjectDisposedException("SimulatedTransport"),
        4 => new OperationCanceledException("The simulated transport canceled the operation by itself."),
        5 => new NotSupportedException("The simulated transport does not support this."),
        6 => new InvalidOperationException("The simulated transport is in a wrong state."),
        _ => new SimulatedException(),
    };

    private sealed class SimulatedException() : Exception("An exception type that nobody expects.");
}
