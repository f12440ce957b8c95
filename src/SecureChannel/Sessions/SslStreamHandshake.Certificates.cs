using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>The identity of the client, and the verification of the peer's certificate by this library instead of the platform.</content>
internal sealed partial class SslStreamHandshake
{
    private VerifiedIdentity? _verified;
    private IReadOnlyList<ReadOnlyMemory<byte>> _presented = [];
    private SessionError? _refusal;

    /// <summary>Gets the exception of a callback that failed the verification of the peer, or null.</summary>
    public Exception? CallbackFailure { get; private set; }

    /// <summary>
    /// Gets the verified identity of the peer, or null if the peer is a client that presented none. SslStream verifies that the peer possesses the private key.
    /// </summary>
    public PeerIdentity? PeerIdentity => _verified?.Identity;

    private TrustPolicy? PeerTrust => _options is ClientOptions client ? client.Trust : ((ServerOptions)_options).ClientTrust;

    private CertificatePurpose PeerPurpose => Role == Role.Client ? CertificatePurpose.TlsServer : CertificatePurpose.TlsClient;

    // The platform's result is not used, so it must not download or use the system's store.
    private static X509ChainPolicy CreateUnusedPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    // The callback of SslStream cannot await, so a selector runs before the handshake and knows nothing of the server's request.
    private async ValueTask<SslStreamCertificateContext?> SelectClientIdentityAsync(ClientOptions options, CancellationToken cancellationToken)
    {
        if (options.Identity is null)
            return null;
        CertificateIdentity? identity;
        try
        {
            var hello = new ClientHelloInfo(_serverName, options.ApplicationProtocols, null);
            var request = new IdentityRequest(CertificatePurpose.TlsClient, null, [], hello, _remoteEndPoint);
            identity = await IdentitySelectionOperation.SelectAsync(options.Identity, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
            throw;
        }

        if (identity?.Check(ClientUse) is { } error)
            throw new SessionException(_refusal = IdentityChoice.CreateError(error));
        return identity is null ? null : Contexts.GetValue(identity, CreateContext);
    }

    // The callback of SslStream cannot await, so a verifier runs after the handshake. Nothing was read or written yet.
    private async ValueTask RunVerifierAsync(CancellationToken cancellationToken)
    {
        if (_presented.Count == 0)
            return;
        try
        {
            (_verified, _refusal) = await PeerTrust!.VerifyAsync(
                _presented, _serverName, PeerPurpose, _options.TimeProvider.GetUtcNow(), _options.Cryptography,
                new VerificationContext(_remoteEndPoint), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
        }

        if (_refusal is not null)
            throw new SessionException(_refusal);
    }

    private bool VerifyPeer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            return VerifyPeer(certificate, chain);
        }
        catch (Exception e)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
            return false;
        }
    }

    private bool VerifyPeer(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not X509Certificate2 leaf)
            return AcceptNoCertificate();
        if (PeerTrust is not { } trust)
            throw new InvalidOperationException("The client presented a certificate, which the server did not request.");

        // SslStream puts the other certificates that the peer sent into the extra store.
        List<ReadOnlyMemory<byte>> presented = [leaf.RawDataMemory];
        foreach (var other in chain?.ChainPolicy.ExtraStore ?? [])
        {
            if (!other.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))
                presented.Add(other.RawDataMemory);
        }

        if (trust.Verifier is not null)
        {
            _presented = [.. presented.Select(encoded => (ReadOnlyMemory<byte>)encoded.ToArray())];
            return true;
        }

        return trust.TryVerify(presented, _serverName, PeerPurpose, _options.TimeProvider.GetUtcNow(), _options.Cryptography,
            new VerificationContext(_remoteEndPoint), out _verified, out _refusal);
    }

    private bool AcceptNoCertificate()
    {
        if (_options is ServerOptions { ClientAuthentication: not ClientAuthenticationMode.Require })
            return true;
        _refusal = new(
            SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired,
            Role == Role.Client ? "The server sent no certificate."
                : "The client sent no certificate, but the server requires one. Set 'Identity' in the options of the client.");
        return false;
    }
}
