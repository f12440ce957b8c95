using SecureChannel;

namespace Samples.Calls;

/// <summary>A call of a method.</summary>
/// <param name="Id">The identifier of the call, unique among the pending calls of the session.</param>
/// <param name="Method">The name of the method.</param>
/// <param name="Arguments">The encoded message with the arguments.</param>
[Message(1)]
public readonly partial record struct Call(
    uint Id, [property: ByteLength(1, 100)] string Method, [property: ByteLength(0, 65536)] ReadOnlyMemory<byte> Arguments);

/// <summary>A request to cancel a call. The result may already have been sent.</summary>
[Message(2)]
public readonly partial record struct Cancel(uint Id);

/// <summary>The answer to a call that succeeded.</summary>
/// <param name="Id">The identifier of the call.</param>
/// <param name="Value">The encoded message with the result.</param>
[Message(3)]
public readonly partial record struct Result(uint Id, [property: ByteLength(0, 65536)] ReadOnlyMemory<byte> Value);

/// <summary>The answer to a call that failed.</summary>
[Message(4)]
public readonly partial record struct Failed(uint Id, [property: ByteLength(1, 400)] string Reason);

/// <summary>The answer to a call that was canceled before it had a result.</summary>
[Message(5)]
public readonly partial record struct Canceled(uint Id);

/// <summary>The client's last message, and the server's after all pending calls are answered.</summary>
[Message(6)]
public readonly partial record struct Goodbye;

/// <summary>
/// Calls and answers with an identifier, so that many calls are pending at once and answers arrive in any order. Each call has exactly one answer, even if it
/// is canceled: a cancellation that crosses a result has no effect.
/// </summary>
[Protocol("rpc/1")]
public enum Rpc
{
    /// <summary>Both sides send.</summary>
    [Client<Call>(Open)]
    [Client<Cancel>(Open)]
    [Client<Goodbye>(Closing)]
    [Server<Result>(Open)]
    [Server<Failed>(Open)]
    [Server<Canceled>(Open)]
    Open,

    /// <summary>The client makes no more calls. The server answers the pending ones.</summary>
    [Server<Result>(Closing)]
    [Server<Failed>(Closing)]
    [Server<Canceled>(Closing)]
    [Server<Goodbye>(Closed)]
    Closing,

    /// <summary>All calls are answered.</summary>
    [Final]
    Closed,
}
