using System.Net;

namespace SecureChannel;

/// <summary>A failed handshake of a connection to a <see cref="SecureListener"/>.</summary>
/// <param name="RemoteEndPoint">The remote endpoint of the connection, or null if it is unknown.</param>
/// <param name="Error">The error, which names the responsible party.</param>
/// <param name="Exception">The exception, with the underlying exception inside.</param>
public sealed record HandshakeFailure(EndPoint? RemoteEndPoint, SessionError Error, Exception Exception);
