using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The options of an SslStream handshake, and the conversion of its results and errors to the types of this library.</summary>
internal sealed class SslStreamHandshake
{
    // Creating a context builds the chain, so contexts are cached for each identity.
    private static readonly ConditionalWeakTable<CertificateIdentity, SslStreamCertificateContext> Contexts = [];

    private static readonly IdentityUse Use = new(CertificatePurpose.TlsServer, null);

    private readonly SslClientAuthenticationOptions? _client;
    private readonly EndPoint? _remoteEndPoint;
    private readonly SecureSessionOptions _options;
    private readonly string? _serverName;
    private VerifiedIdentity? _verified;
    private IReadOnlyList<ReadOnlyMemory<byte>> _presented = [];
    private SessionError? _refusal;

    public SslStreamHandshake(ClientOptions options, string serverName, EndPoint? remoteEndPoint)
    {
        PlatformTls.ThrowIfUnsupported(Role.Client);
        (_options, _serverName, _remoteEndPoint) = (options, serverName, remoteEndPoint);
        _client = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = ToAlpn(options.ApplicationProtocols),
            RemoteCertificateValidationCallback = VerifyServer,
            // The platform's result is not used, so it must not download or use the system's store.
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationFlags = X509VerificationFlags.AllFlags,
            },
            AllowTlsResume = false,
        };
    }

    public SslStreamHandshake(ServerOptions options, EndPoint? remoteEndPoint)
    {
        PlatformTls.ThrowIfUnsupported(Role.Server);
        ServerIdentities.ThrowIfUnusable(options.Identity, Use, SessionSecurity.SslStream.Name);
        (_options, _remoteEndPoint) = (options, remoteEndPoint);
    }

    public Role Role => _client is not null ? Role.Client : Role.Server;

    public static SessionError CreateTruncatedError() => new(
        SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.InternalError,
        "The connection ended without a close_notify. Do not treat the received data as complete.");

    public static SessionError CreateCallbackError(Exception exception) => new(
        SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError,
        $"Code of the local endpoint threw {exception.GetType().Name}: {PeerText.Printable(exception.Message)}");

    /// <summary>Gets the exception of a callback that failed the verification of the peer, or null.</summary>
    public Exception? CallbackFailure { get; private set; }

    public Task AuthenticateAsync(SslStream ssl, CancellationToken cancellationToken) => _client is null
        ? AuthenticateServerAsync(ssl, (ServerOptions)_options, cancellationToken)
        : ((ClientOptions)_options).Trust.Verifier is null ? ssl.AuthenticateAsClientAsync(_client, cancellationToken)
        : AuthenticateWithVerifierAsync(ssl, _client, cancellationToken);

    /// <summary>Gets the refusal of the client's offer, before the server sent anything, or null.</summary>
    public SessionError? RefusedOffer { get; private set; }

    /// <summary>
    /// Gets the verified identity of the server, or null if this endpoint is the server. SslStream verifies that the server possesses the private key.
    /// </summary>
    public PeerIdentity? PeerIdentity => _verified?.Identity;

    /// <summary>Throws if this endpoint requires an application protocol and none was negotiated.</summary>
    /// <exception cref="SessionException">No application protocol was negotiated.</exception>
    public void CheckApplicationProtocol(SslStream ssl)
    {
        if (ApplicationProtocols.CheckChoice(NameOf(ssl), _options.ApplicationProtocols, _options.RequireApplicationProtocol, Role) is { } error)
            throw new SessionException(error);
    }

    public static NegotiatedSession CreateNegotiated(SslStream ssl, AgreedParameters agreed) => new(agreed)
    {
        Handshake = SessionSecurity.SslStream.Name,
        ApplicationProtocol = NameOf(ssl),
        CipherSuite = (CipherSuite)ssl.NegotiatedCipherSuite is { IsKnown: true } suite ? suite : null,
    };

    /// <summary>
    /// Creates the error for an exception of SslStream. The type of the exception identifies neither the responsible endpoint nor a received alert.
    /// </summary>
    public SessionError CreateError(Exception cause, GuardedTransport transport, bool established)
    {
        if ((RefusedOffer ?? _refusal) is { } refusal)
            return refusal;
        if (cause is SessionException { Error: var error })
            return error;
        if (transport.Failure is { } failure)
        {
            return new(
                SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError,
                $"The transport failed: {PeerText.Printable(failure.Message)}");
        }
        var text = PeerText.Printable(cause.GetBaseException().Message);
        if (text.Contains(nameof(AlertDescription.NoApplicationProtocol), StringComparison.OrdinalIgnoreCase)
            || text.Contains("no application protocol", StringComparison.OrdinalIgnoreCase))
        {
            return CreateNoProtocolError();
        }

        if (text.Contains("unrecognized name", StringComparison.OrdinalIgnoreCase))
            return CreateAlertError(AlertDescription.UnrecognizedName);
        if (text.Contains("alert", StringComparison.OrdinalIgnoreCase))
            return new(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.HandshakeFailure, $"The peer sent an alert: {text}");
        if (transport.HasEnded)
            return CreateTruncatedError();
        if (established)
            return new(SessionErrorKind.ProtocolViolation, SessionErrorCode.BadRecord, AlertDescription.BadRecordMac, $"A record was rejected: {text}");
        if (cause is ArgumentException or NotSupportedException)
            return CreateCallbackError(cause);
        return cause is AuthenticationException
            ? new(
                SessionErrorKind.Incompatible, SessionErrorCode.NoCommonVersion, AlertDescription.HandshakeFailure,
                $"TLS 1.3 could not be negotiated: {text}")
            : new(SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError, $"The received data is not TLS: {text}");
    }

    private Task AuthenticateServerAsync(SslStream ssl, ServerOptions options, CancellationToken cancellationToken) =>
        options.RefuseUnknownServerNames || options.Identity is not CertificateIdentity identity
            ? ssl.AuthenticateAsServerAsync(SelectAsync, options, cancellationToken)
            : ssl.AuthenticateAsServerAsync(CreateServerOptions(identity), cancellationToken);

    private async ValueTask<SslServerAuthenticationOptions> SelectAsync(
        SslStream ssl, SslClientHelloInfo hello, object? state, CancellationToken cancellationToken)
    {
        try
        {
            var options = (ServerOptions)state!;
            var name = hello.ServerName is "" ? null : hello.ServerName;
            var request = new IdentityRequest(CertificatePurpose.TlsServer, null, [], new ClientHelloInfo(name, null, null), _remoteEndPoint);
            var identity = await IdentitySelectionOperation.SelectAsync(options.Identity, request, cancellationToken).ConfigureAwait(false);
            RefusedOffer = ServerIdentities.Check(identity, Use, name, options.RefuseUnknownServerNames);
            return RefusedOffer is null ? CreateServerOptions(identity!) : throw new SessionException(RefusedOffer);
        }
        catch (Exception e) when (RefusedOffer is null)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
            throw;
        }
    }

    private SslServerAuthenticationOptions CreateServerOptions(CertificateIdentity identity) => new()
    {
        ServerCertificateContext = Contexts.GetValue(identity, CreateContext),
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = ToAlpn(_options.ApplicationProtocols),
        AllowTlsResume = false,
    };

    private SessionError CreateNoProtocolError() => _client is not null
        ? CreateAlertError(AlertDescription.NoApplicationProtocol)
        : new(SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol,
            $"The endpoints have no application protocol in common. This server supports {PeerText.List(_options.ApplicationProtocols)}.");

    private static SessionError CreateAlertError(AlertDescription alert) =>
        new(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, alert, $"The peer ended the session with the alert {alert}.");

    private static string? NameOf(SslStream ssl) =>
        ssl.NegotiatedApplicationProtocol.Protocol.IsEmpty ? null : ssl.NegotiatedApplicationProtocol.ToString();

    private static List<SslApplicationProtocol>? ToAlpn(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : ApplicationProtocols.BestFirst(names).Select(name => new SslApplicationProtocol(name)).ToList();

    private static SslStreamCertificateContext CreateContext(CertificateIdentity identity) =>
        SslStreamCertificateContext.Create(identity.PlatformCertificate!, [.. identity.Intermediates], offline: true);

    // The callback of SslStream cannot await, so a verifier runs after the handshake. Nothing was read or written yet.
    private async Task AuthenticateWithVerifierAsync(SslStream ssl, SslClientAuthenticationOptions client, CancellationToken cancellationToken)
    {
        await ssl.AuthenticateAsClientAsync(client, cancellationToken).ConfigureAwait(false);
        try
        {
            (_verified, _refusal) = await ((ClientOptions)_options).Trust.VerifyAsync(_presented, _serverName, CertificatePurpose.TlsServer,
                _options.TimeProvider.GetUtcNow(), _options.Cryptography, new VerificationContext(_remoteEndPoint), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
        }

        if (_refusal is not null)
            throw new SessionException(_refusal);
    }

    private bool VerifyServer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            return VerifyServer(certificate, chain);
        }
        catch (Exception e)
        {
            (_refusal, CallbackFailure) = (CreateCallbackError(e), e);
            return false;
        }
    }

    private bool VerifyServer(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            _refusal = new(
                SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired, "The server sent no certificate.");
            return false;
        }
        // SslStream puts the other certificates that the peer sent into the extra store.
        List<ReadOnlyMemory<byte>> presented = [leaf.RawDataMemory];
        foreach (var other in chain?.ChainPolicy.ExtraStore ?? [])
        {
            if (!other.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))
                presented.Add(other.RawDataMemory);
        }
        if (((ClientOptions)_options).Trust.Verifier is not null)
        {
            _presented = [.. presented.Select(encoded => (ReadOnlyMemory<byte>)encoded.ToArray())];
            return true;
        }

        return ((ClientOptions)_options).Trust.TryVerify(
            presented, _serverName!, CertificatePurpose.TlsServer, _options.TimeProvider.GetUtcNow(), _options.Cryptography,
            new VerificationContext(_remoteEndPoint), out _verified, out _refusal);
    }
}
