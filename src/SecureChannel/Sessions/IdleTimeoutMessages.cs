namespace SecureChannel;

/// <summary>The client's first message over SslStream. It proposes the idle timeout, which the handshake of SslStream cannot carry.</summary>
/// <param name="Milliseconds">The proposed idle timeout in milliseconds, at least 1, or null for no proposal.</param>
[Message(1)]
internal readonly partial record struct IdleTimeoutProposal(uint? Milliseconds);

/// <summary>The server's answer to <see cref="IdleTimeoutProposal"/>. The server sends it before every other message.</summary>
/// <param name="Milliseconds">
/// The negotiated idle timeout in milliseconds: at least 1, and at most the proposal. Null only if neither endpoint proposes one.
/// </param>
[Message(2)]
internal readonly partial record struct IdleTimeoutAnswer(uint? Milliseconds);
