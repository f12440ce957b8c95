namespace SecureChannel;

/// <summary>A transition of a handshake: a message that was sent, or received and accepted. Intended for logs.</summary>
/// <param name="Role">The role of the local endpoint.</param>
/// <param name="Sent">True if the local endpoint sent the message; false if it received the message.</param>
/// <param name="Message">The name of the message.</param>
/// <param name="State">The name of the state after the message.</param>
public sealed record HandshakeProgress(Role Role, bool Sent, string Message, string State);
