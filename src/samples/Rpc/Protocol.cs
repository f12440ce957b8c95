using SecureChannel;

namespace Samples.Calls;

/// <summary>The client calls a method.</summary>
/// <param name="Id">Tells this call from all others of the session.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Arguments">A message that the method takes, encoded.</param>
[Message(1)]
public readonly partial record struct Call(uint Id, [property: ByteLength(1, 100)] string Method, [property: ByteLength(0, 65536)] ReadOnlyMemory<byte> Arguments);

/// <summary>The client no longer wants a call's result. The result may be on its way.</summary>
[Message(2)]
public readonly partial record struct Cancel(uint Id);

/// <summary>A call has succeeded.</summary>
/// <param name="Id">The call.</param>
/// <param name="Value">A message that the method returns, encoded.</param>
[Message(3)]
public readonly partial record struct Result(uint Id, [property: ByteLength(0, 65536)] ReadOnlyMemory<byte> Value);

/// <summary>A call has failed.</summary>
[Message(4)]
public readonly partial record struct Failed(uint Id, [property: ByteLength(1, 400)] string Reason);

/// <summary>A call was cancelled before it had a result.</summary>
[Message(5)]
public readonly partial record struct Cancelled(uint Id);

/// <summary>The client calls no more; then, the server has answered all.</summary>
[Message(6)]
public readonly partial record struct Goodbye;

/// <summary>
/// Calls and their answers, told apart by an identifier: many are under way at once, and answers come in any order. Each call has exactly one answer, whether
/// or not it was cancelled: a cancellation that crosses a result changes nothing.
/// </summary>
[Protocol("rpc/1")]
public enum Rpc
{
    /// <summary>Both ends send.</summary>
    [Client<Call>(Open)]
    [Client<Cancel>(Open)]
    [Client<Goodbye>(Closing)]
    [Server<Result>(Open)]
    [Server<Failed>(Open)]
    [Server<Cancelled>(Open)]
    Open,

    /// <summary>The client calls no more; the server answers what is under way.</summary>
    [Server<Result>(Closing)]
    [Server<Failed>(Closing)]
    [Server<Cancelled>(Closing)]
    [Server<Goodbye>(Closed)]
    Closing,

    /// <summary>All calls are answered.</summary>
    [Final]
    Closed,
}
