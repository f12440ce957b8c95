using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;

namespace SecureChannel.Bogo;

/// <summary>The options of a session, and the expectations of the runner.</summary>
internal sealed class SessionSetup
{
    private const int Tls13 = 0x0304;
    private const int MaxChainLength = 100;

    // A server refuses every client that does not offer this protocol.
    private const string NeverOffered = "not-offered";

    // The name of BoringSSL for no list.
    private const string NoAuthorities = "<EMPTY>";

    private readonly SecureSessionOptions _options;
    private IdentityRequest? _request;
    private bool _isRetried;

    /// <summary>Creates the options for flags.</summary>
    /// <exception cref="UnimplementedException">A flag has no equivalent in the public API.</exception>
    public SessionSetup(ShimFlags flags)
    {
        Flags = flags;
        RequireOnlyTls13();
        _options = flags.Has("-server") ? CreateServer() : CreateClient();
    }

    /// <summary>Gets the flags.</summary>
    public ShimFlags Flags { get; }

    /// <summary>Creates the session over a connection.</summary>
    public SecureSession Create(Stream transport) => SecureSession.Create(transport, _options);

    /// <summary>Checks the negotiated parameters of a session.</summary>
    /// <exception cref="ExpectationException">A parameter is not the expected one.</exception>
    public void Check(SecureSession session)
    {
        var negotiated = session.Negotiated!;
        Expect("-expect-alpn", negotiated.ApplicationProtocol ?? "");
        Expect("-expect-curve-id", (int)negotiated.Group!);
        Expect("-expect-cipher", (int)negotiated.CipherSuite!);
        Expect(AesIsFast ? "-expect-cipher-aes" : "-expect-cipher-no-aes", (int)negotiated.CipherSuite);

        // A server does not report the scheme of its client.
        if (session.Role == Role.Client)
            Expect("-expect-peer-signature-algorithm", (int)(negotiated.SignatureScheme ?? 0));
        Expect("-expect-server-name", _request?.ClientHello?.ServerName ?? "");
        Expect("-expect-advertised-alpn", string.Concat((_request?.ClientHello?.ApplicationProtocols ?? []).Select(name => (char)name.Length + name)));
        Expect("-expect-client-ca-list", _request is { Authorities: [_, ..] names }
            ? string.Join(',', names.Select(name => Convert.ToHexStringLower(name.RawData)))
            : NoAuthorities);
        Expect("-expect-selected-credential", _request is null ? -1 : 0);
        Refuse("-expect-no-server-name", _request?.ClientHello?.ServerName is not null);
        Refuse("-expect-no-peer-cert", session.PeerIdentity is not null);
        Refuse("-expect-hrr", !_isRetried);
        Refuse("-expect-no-hrr", _isRetried);
        if (Flags.Value("-expect-peer-cert-file") is { } path)
        {
            using var expected = X509CertificateLoader.LoadCertificateFromFile(path);
            if (!expected.RawDataMemory.Span.SequenceEqual((session.PeerIdentity?.Certificate?.RawDataMemory ?? default).Span))
                throw new ExpectationException("The peer has another certificate.");
        }
    }

    private static bool AesIsFast => System.Runtime.Intrinsics.X86.Aes.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported;

    private void Refuse(string flag, bool isOtherwise)
    {
        if (Flags.Has(flag) && isOtherwise)
            throw new ExpectationException($"'{flag}' expects the opposite.");
    }

    private void Expect(string flag, int actual)
    {
        if (Flags.Number(flag) is { } expected && expected != actual)
            throw new ExpectationException($"'{flag}' expects {expected}, but the session has {actual}.");
    }

    private void Expect(string flag, string actual)
    {
        if (Flags.Value(flag) is { } expected && expected != actual)
            throw new ExpectationException($"'{flag}' expects '{expected}', but the session has '{actual}'.");
    }

    private void RequireOnlyTls13()
    {
        if (Flags.Number("-max-version") is < Tls13 || Flags.Number("-min-version") is > Tls13 || Flags.Number("-expect-version") is not (null or Tls13))
            throw new UnimplementedException("The library has no version other than TLS 1.3.");
        if (Flags.Number("-resume-count") is > 0)
            throw new UnimplementedException("The library does not resume sessions.");
    }

    private ClientOptions CreateClient()
    {
        if (Flags.Has("-fail-cert-callback"))
            throw new UnimplementedException("A client without an identity continues without one.");
        return (ClientOptions)CreateShared(new ClientOptions
        {
            Trust = CreateTrust(),
            // The address of the peer is a name without server_name extension.
            ServerName = Flags.Value("-host-name") ?? "127.0.0.1",
            Identity = Flags.Has("-cert-file") ? CreateIdentity() : null,
            SignatureSchemes = Policy is { } policy
                ? [.. policy.SignatureSchemes]
                : Supported(Flags.Numbers("-verify-prefs").Select(value => (SignatureScheme)value), SodiumProvider.Instance.SignatureSchemes),
            ApplicationProtocols = Names(Flags.Value("-advertise-alpn") ?? ""),
            RequireApplicationProtocol = false,
        });
    }

    private ServerOptions CreateServer()
    {
        var mode = Flags.Has("-require-any-client-certificate") ? ClientAuthenticationMode.Require
            : Flags.Has("-verify-peer") ? ClientAuthenticationMode.Request
            : ClientAuthenticationMode.None;
        return (ServerOptions)CreateShared(new ServerOptions
        {
            Identity = CreateIdentity(),
            ClientAuthentication = mode,
            ClientTrust = mode == ClientAuthenticationMode.None ? null : CreateTrust(),
            ApplicationProtocols = Flags.Value("-select-alpn") is { } name ? [name] : Flags.Has("-reject-alpn") ? [NeverOffered] : [],
            RequireApplicationProtocol = false,
        });
    }

    private IdentitySelector CreateIdentity()
    {
        if (Flags.Count("-cert-file") != 1)
            throw new UnimplementedException("The selection among no or several certificates is a decision of the application.");
        var identity = LoadIdentity(Flags.Value("-cert-file")!, Flags.Value("-key-file"));
        return IdentitySelector.Create((request, _) =>
        {
            _request = request;
            return ValueTask.FromResult<IdentitySource?>(Flags.Has("-fail-cert-callback") || Flags.Has("-fail-early-callback") ? null : identity);
        });
    }

    private CertificateIdentity LoadIdentity(string certificatePath, string? keyPath)
    {
        var identity = ReadIdentity(certificatePath, keyPath);
        List<SignatureScheme> schemes = [.. Flags.Numbers("-signing-prefs").Select(value => (SignatureScheme)value)];
        var response = Convert.FromBase64String(Flags.Value("-ocsp-response") ?? "");
        if (Policy is { } policy)
            schemes = [.. policy.SignatureSchemes];
        if (schemes.Count == 0 && response.Length == 0)
            return identity;
        if (!identity.TryGetSigner(SodiumProvider.Instance, out var signer, out var error))
            throw new UnimplementedException(error.Message);
        if (schemes.Count > 0)
            signer = new PreferringSigner(signer, schemes);
        return new CertificateIdentity(identity.Certificate, signer, identity.Intermediates) { OcspResponse = response };
    }

    private static CertificateIdentity ReadIdentity(string certificatePath, string? keyPath)
    {
        try
        {
            return CertificateIdentity.FromPemFile(certificatePath, keyPath);
        }
        catch (CertificateException exception) when (exception.Error.Kind == CertificateErrorKind.UnsupportedKey)
        {
            throw new UnimplementedException(exception.Message);
        }
    }

    private TrustPolicy CreateTrust() =>
        TrustPolicy.FromVerifier(new Verifier(Flags)).WithOptions(new TrustOptions { MaxChainLength = MaxChainLength });

    private SecureSessionOptions CreateShared(SecureSessionOptions options) => options with
    {
        Cryptography = SodiumProvider.Instance,
        CipherSuites = Policy is { } policy ? [.. policy.CipherSuites] : [],
        Groups = Policy is { } other
            ? [.. other.Groups]
            : Supported(Flags.Numbers("-curves").Select(value => (NamedGroup)value), SodiumProvider.Instance.Groups),
        MaxHandshakeMessageSize = Flags.Number("-max-cert-list") ?? options.MaxHandshakeMessageSize,
        IdleTimeout = null,
        HandshakeObserver = progress => _isRetried |= progress.Message == "HelloRetryRequest",
    };

    private CompliancePolicy? Policy => Flags.Has("-fips-202205") ? CompliancePolicy.Fips : Flags.Has("-wpa-202304") ? CompliancePolicy.Wpa : null;

    private static List<T> Supported<T>(IEnumerable<T> wanted, IReadOnlyList<T> supported)
    {
        List<T> list = [.. wanted];
        return list.TrueForAll(supported.Contains) ? list : throw new UnimplementedException($"The library does not support all of {string.Join(", ", list)}.");
    }

    // Each name follows its length.
    private static List<string> Names(string list)
    {
        List<string> names = [];
        for (var bytes = Encoding.UTF8.GetBytes(list).AsSpan(); !bytes.IsEmpty; bytes = bytes[(1 + bytes[0])..])
            names.Add(Encoding.UTF8.GetString(bytes.Slice(1, bytes[0])));
        return names;
    }

    private sealed class Verifier(ShimFlags flags) : CertificateVerifier
    {
        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            if (flags.Value("-expect-ocsp-response") is { } expected && !request.StapledOcspResponse.Span.SequenceEqual(Convert.FromBase64String(expected)))
                throw new ExpectationException("The server sent another OCSP response.");
            return ValueTask.FromResult(
                flags.Has("-verify-fail") ? request.Reject(CertificateErrorKind.Rejected, "The runner requires a refusal.") : request.Accept());
        }
    }
}
