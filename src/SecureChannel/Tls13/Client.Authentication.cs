using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The authentication of the client by certificate (RFC 9846 sections 4.4.2 and 4.5).</content>
internal sealed partial class Tls13Client
{
    // The Certificate message of an identity never changes.
    private static readonly ConditionalWeakTable<CertificateIdentity, Certificate> Certificates = [];

    private CertificateRequest? _request;
    private CertificateIdentity? _identity;
    private SignatureScheme _ownScheme;
    private SigningOperation? _signing;

    private partial HandshakeResult On(in CertificateRequest message, in Transcript before)
    {
        // RFC 9846 section 4.4.2: the context is "zero length unless used for the post-handshake authentication".
        if (!message.Context.IsEmpty)
            return Tls13Error.Illegal("The server's CertificateRequest has a nonempty certificate_request_context. It must be empty during the handshake.");
        if (ExtensionRules.Check(message.Extensions, nameof(CertificateRequest)) is { } error)
            return error;

        _request = message;

        // RFC 9846 section 4.4.2: "The "signature_algorithms" extension MUST be specified".
        return message.Extensions.Find<CertificateRequestExtension, CertificateRequestExtension.SignatureAlgorithms>() is null
            ? Tls13Error.Missing(nameof(CertificateRequest), ExtensionType.SignatureAlgorithms)
            : HandshakeResult.Continue;
    }

    // The server has proven its identity before the client selects its own.
    private HandshakeResult SelectIdentity()
    {
        if (parameters.Identity is null)
            return HandshakeResult.Continue;
        var schemes = _request!.Extensions.Find<CertificateRequestExtension, CertificateRequestExtension.SignatureAlgorithms>()!.Schemes;
        var authorities = _request.Extensions.Find<CertificateRequestExtension, CertificateRequestExtension.CertificateAuthorities>()?.Authorities ?? [];
        var hello = new ClientHelloInfo(parameters.ServerName, parameters.ApplicationProtocols, _offer!.Groups);
        return parameters.SelectIdentity(schemes, authorities.Select(authority => authority.Der), hello, (identity, scheme) =>
        {
            (_identity, _ownScheme) = (identity, scheme);
            return HandshakeResult.Continue;
        });
    }

    partial void EnterClientAuthenticating() => EnterApplication();

    private partial ClientAuthenticatingChoice ChooseClientAuthenticating() =>
        _identity is null ? ClientAuthenticatingChoice.NoCertificate : ClientAuthenticatingChoice.Certificate;

    // RFC 9846 section 4.5.1: without a suitable certificate, "the client MUST send a Certificate message containing no certificates".
    private partial HandshakeResult WriteNoCertificate(ref MessageSink<NoCertificate> sink)
    {
        sink.Write(new NoCertificate(new Certificate(default, [])));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteCertificate(ref MessageSink<Certificate> sink)
    {
        sink.Write(Certificates.GetValue(_identity!, static identity => new(default, [.. identity.Chain.Select(der => new CertificateEntry(der, []))])));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteCertificateVerify(ref MessageSink<CertificateVerify> sink)
    {
        if (_signing is null)
        {
            if (!_identity!.TryGetSigner(Cryptography, out var signer, out var error))
                return IdentityError(error);
            Span<byte> content = stackalloc byte[HandshakeSignature.MaxLength];
            content = content[..HandshakeSignature.Write(Role.Client, Transcript, content)];

            // RFC 9846 section 4.5.2: the algorithm "MUST be one of those present in the supported_signature_algorithms field" of the request.
            _signing = new SigningOperation(signer, _ownScheme, content.ToArray());
            return HandshakeResult.Pending(_signing, () => HandshakeResult.Continue);
        }

        sink.Write(new CertificateVerify { Algorithm = _signing.Scheme, Signature = _signing.Signature.Span });
        return HandshakeResult.Continue;
    }

    private static SessionError IdentityError(CertificateError error) =>
        new(SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError, error.Message);
}
