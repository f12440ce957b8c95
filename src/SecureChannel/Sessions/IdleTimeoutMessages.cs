namespace SecureChannel;

/// <summary>The client's first message inside a session over SslStream, which has no room for it in its handshake.</summary>
/// <param name="Milliseconds">After how long without traffic the session is to end, at least 1; null: the client proposes none.</param>
[Message(1)]
internal readonly partial record struct IdleTimeoutProposal(uint? Milliseconds);

/// <summary>The server's answer, before any other message.</summary>
/// <param name="Milliseconds">What is agreed: at least 1, and at most the proposal if there was one; null only if neither end wants any.</param>
[Message(2)]
internal readonly partial record struct IdleTimeoutAnswer(uint? Milliseconds);
