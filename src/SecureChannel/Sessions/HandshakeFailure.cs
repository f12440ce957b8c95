using System.Net;

namespace SecureChannel;

/// <summary>A connection to a <see cref="SecureListener"/> that became no session.</summary>
/// <param name="RemoteEndPoint">Where it came from; null if it was gone before that could be told.</param>
/// <param name="Error">Who was at fault, and why.</param>
/// <param name="Exception">What was thrown, with what lies beneath.</param>
public sealed record HandshakeFailure(EndPoint? RemoteEndPoint, SessionError Error, Exception Exception);
