namespace SecureChannel;

/// <summary>A message of a handshake that was sent, or received and accepted: for logs.</summary>
/// <param name="Role">This end's role.</param>
/// <param name="Sent">Whether this end sent it; else it received it.</param>
/// <param name="Message">The message's name.</param>
/// <param name="State">The name of the state after it.</param>
public sealed record HandshakeProgress(Role Role, bool Sent, string Message, string State);
