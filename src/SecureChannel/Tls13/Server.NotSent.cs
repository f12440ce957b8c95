using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>
/// What the order allows a server, and this one never does: it asks for no certificate and gives no tickets. A client of it that tells of having no certificate
/// was never asked, which the order refuses before.
/// </summary>
internal sealed partial class Tls13Server
{
    private partial HandshakeResult WriteCertificateRequest(ref MessageSink<CertificateRequest> sink) => NotSent(nameof(CertificateRequest));

    private partial HandshakeResult On(in NoCertificate message, in Transcript before) => NotSent(nameof(CertificateRequest));

    private partial HandshakeResult WriteNewSessionTicket(ref MessageSink<NewSessionTicket> sink) => NotSent(nameof(NewSessionTicket));

    private static SessionError NotSent(string message) => new(SessionErrorKind.LocalError, AlertDescription.InternalError, $"This server sends no {message}.");
}
