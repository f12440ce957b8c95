using SecureChannel.Cryptography;
using SecureChannel.Engine;

namespace SecureChannel.Tls13;

/// <summary>
/// What the order allows a server, and this one never does: it asks for no certificate and gives no tickets. A client of it that tells of having no certificate
/// was never asked, which the order refuses before.
/// </summary>
internal sealed partial class Tls13Server
{
    private partial Step WriteCertificateRequest(ref Flight<CertificateRequest> flight) => NotSent(nameof(CertificateRequest));

    private partial Step On(in NoCertificate message, in Transcript before) => NotSent(nameof(CertificateRequest));

    private partial Step WriteNewSessionTicket(ref Flight<NewSessionTicket> flight) => NotSent(nameof(NewSessionTicket));

    private static SessionError NotSent(string message) => new(Fault.Misused, Alert.InternalError, $"This server sends no {message}.");
}
