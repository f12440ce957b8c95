using System.Net;

namespace SecureChannel;

/// <summary>The facts of a handshake that can affect the verification of the peer's certificates.</summary>
/// <param name="RemoteEndPoint">The remote endpoint of the transport, or null.</param>
/// <param name="StapledOcspResponse">
/// The OCSP response that the peer stapled, in DER, empty if it sent none, or null if this endpoint did not request one.
/// </param>
internal readonly record struct VerificationContext(EndPoint? RemoteEndPoint, ReadOnlyMemory<byte>? StapledOcspResponse = null);
