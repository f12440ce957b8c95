using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The authentication of clients by certificate (RFC 9846 sections 4.4.2 and 4.5).</content>
internal sealed partial class Tls13Server
{
    // The list of a policy's authorities never changes.
    private static readonly ConditionalWeakTable<IReadOnlyList<ReadOnlyMemory<byte>>, CertificateRequestExtension> Authorities = [];

    private CertificateVerificationOperation? _validation;

    private ImmutableArray<SignatureScheme> ClientSchemes =>
        parameters.SignatureSchemes.IsDefaultOrEmpty ? parameters.Cryptography.SignatureSchemes : parameters.SignatureSchemes;

    private partial ServerAuthenticatingChoice ChooseServerAuthenticating() => parameters.ClientAuthentication == ClientAuthenticationMode.None
        ? ServerAuthenticatingChoice.Certificate
        : ServerAuthenticatingChoice.CertificateRequest;

    private partial HandshakeResult WriteCertificateRequest(ref MessageSink<CertificateRequest> sink)
    {
        // RFC 9846 section 4.4.2: the context is empty during the handshake, and "The "signature_algorithms" extension MUST be specified".
        sink.Write(new CertificateRequest(default, ExtensionRules.Block<CertificateRequestExtension>(
            new CertificateRequestExtension.SignatureAlgorithms(ClientSchemes),
            new CertificateRequestExtension.SignatureAlgorithmsCert(Cryptography.CertificateSignatureSchemes),
            parameters.ClientAuthorities.Count == 0 ? null : Authorities.GetValue(parameters.ClientAuthorities, static names =>
                new CertificateRequestExtension.CertificateAuthorities([.. names.Select(name => new DistinguishedName(name))])))));
        return HandshakeResult.Continue;
    }

    partial void EnterClientAuthenticating() => EnterApplication();

    private partial HandshakeResult On(in NoCertificate message, in Transcript before)
    {
        if (CheckContext(message.Message) is { } error)
            return error;

        // RFC 9846 section 4.5.1.3: continue "without client authentication, or abort the handshake with a "certificate_required" alert".
        return parameters.ClientAuthentication == ClientAuthenticationMode.Require
            ? new SessionError(
                SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired,
                "The client sent no certificate, but the server requires one. Set 'Identity' in the options of the client.")
            : HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in Certificate message, in Transcript before)
    {
        if (CheckContext(message) is { } illegal)
            return illegal;
        foreach (var entry in message.Entries)
        {
            if (ExtensionRules.Check(entry.Extensions, nameof(Certificate)) is { } error)
                return error;

            // RFC 9846 section 4.5.1: extensions "MUST correspond to extensions in the CertificateRequest message", which requests none of them.
            if (!entry.Extensions.IsEmpty)
                return Tls13Error.Unsolicited("The client's Certificate contains an extension that the server did not request.");
        }

        var chain = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(message.Entries)!, entry => entry.Data);
        _validation = new CertificateVerificationOperation(
            parameters.ClientTrust!,
            chain,
            null,
            CertificatePurpose.TlsClient,
            parameters.TimeProvider.GetUtcNow(),
            parameters.Cryptography)
        {
            RemoteEndPoint = parameters.RemoteEndPoint,
        };
        if (_resumption is not null)
            _resumption.ClientChain = chain;
        return HandshakeResult.Pending(_validation, AcceptIdentity);
    }

    private HandshakeResult AcceptIdentity() => _validation!.Identity is null ? _validation.Error! : HandshakeResult.Continue;

    private partial AuthenticationResult On(in CertificateVerify message, in Transcript before)
    {
        // RFC 9846 section 4.5.2: the algorithm "MUST be one of those present in the supported_signature_algorithms field" of the request.
        if (!ClientSchemes.Contains(message.Algorithm))
            return Tls13Error.Illegal($"The client signed with {message.Algorithm.Name}, which the server did not request.");
        Span<byte> content = stackalloc byte[HandshakeSignature.MaxLength];
        content = content[..HandshakeSignature.Write(Role.Client, before, content)];
        if (!SignatureVerified.TryCheck(Cryptography, _validation!.Identity!, message.Algorithm, content, message.Signature, out var verified, out var error))
            return error;
        var proof = new IdentityProof(verified);
        if (_resumption is not null)
            _resumption.Client = proof;
        return proof;
    }

    // RFC 9846 section 4.5.1: the context is "the value of certificate_request_context in that message", which is empty.
    private static SessionError? CheckContext(Certificate message) => message.Context.IsEmpty
        ? null
        : Tls13Error.Illegal("The client's Certificate has another certificate_request_context than the server's CertificateRequest.");
}
