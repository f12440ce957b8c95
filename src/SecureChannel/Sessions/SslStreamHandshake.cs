using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The options of an SslStream handshake, and the conversion of its results and errors to the types of this library.</summary>
internal sealed partial class SslStreamHandshake
{
    // Creating a context builds the chain, so contexts are cached for each identity.
    private static readonly ConditionalWeakTable<CertificateIdentity, SslStreamCertificateContext> Contexts = [];

    private static readonly IdentityUse Use = new(CertificatePurpose.TlsServer, null);
    private static readonly IdentityUse ClientUse = new(CertificatePurpose.TlsClient, null);

    private static readonly (string Words, AlertDescription Alert)[] Alerts =
    [
        ("certificate required", AlertDescription.CertificateRequired),
        ("certificate expired", AlertDescription.CertificateExpired),
        ("certificate revoked", AlertDescription.CertificateRevoked),
        ("certificate unknown", AlertDescription.CertificateUnknown),
        ("bad certificate", AlertDescription.BadCertificate),
        ("unsupported certificate", AlertDescription.UnsupportedCertificate),
        ("unknown ca", AlertDescription.UnknownCa),
        ("access denied", AlertDescription.AccessDenied),
    ];

    private readonly SslClientAuthenticationOptions? _client;
    private readonly EndPoint? _remoteEndPoint;
    private readonly SecureSessionOptions _options;
    private readonly string? _serverName;

    public SslStreamHandshake(ClientOptions options, string serverName, EndPoint? remoteEndPoint)
    {
        PlatformTls.ThrowIfUnsupported(Role.Client);
        if (options.Identity is not null)
            IdentityChoice.ThrowIfUnusable(options.Identity, ClientUse, SessionSecurity.SslStream.Name);
        (_options, _serverName, _remoteEndPoint) = (options, serverName, remoteEndPoint);
        _client = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = ToAlpn(options.ApplicationProtocols),
            RemoteCertificateValidationCallback = VerifyPeer,
            CertificateChainPolicy = CreateUnusedPolicy(),
            AllowTlsResume = false,
        };
    }

    public SslStreamHandshake(ServerOptions options, EndPoint? remoteEndPoint)
    {
        PlatformTls.ThrowIfUnsupported(Role.Server);
        IdentityChoice.ThrowIfUnusable(options.Identity, Use, SessionSecurity.SslStream.Name);
        (_options, _remoteEndPoint) = (options, remoteEndPoint);
    }

    public Role Role => _client is not null ? Role.Client : Role.Server;

    public static SessionError CreateTruncatedError() => new(
        SessionErrorKind.Truncated, SessionErrorCode.Truncated, AlertDescription.InternalError,
        "The connection ended without a close_notify. Do not treat the received data as complete.");

    public static SessionError CreateCallbackError(Exception exception) => new(
        SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError,
        $"Code of the local endpoint threw {exception.GetType().Name}: {PeerText.Printable(exception.Message)}");

    public async Task AuthenticateAsync(SslStream ssl, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            await AuthenticateServerAsync(ssl, (ServerOptions)_options, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _client.ClientCertificateContext = await SelectClientIdentityAsync((ClientOptions)_options, cancellationToken).ConfigureAwait(false);
            await ssl.AuthenticateAsClientAsync(_client, cancellationToken).ConfigureAwait(false);
        }

        await RunVerifierAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the refusal of the client's offer, before the server sent anything, or null.</summary>
    public SessionError? RefusedOffer { get; private set; }

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
        IsClientAuthenticated = ssl.IsMutuallyAuthenticated,
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

        if (FindAlert(text) is { } alert)
            return CreateAlertError(alert);
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
        ClientCertificateRequired = ((ServerOptions)_options).ClientAuthentication != ClientAuthenticationMode.None,
        RemoteCertificateValidationCallback = VerifyPeer,
        CertificateChainPolicy = CreateUnusedPolicy(),
        AllowTlsResume = false,
    };

    private SessionError CreateNoProtocolError() => _client is not null
        ? CreateAlertError(AlertDescription.NoApplicationProtocol)
        : new(SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol,
            $"The endpoints have no application protocol in common. This server supports {PeerText.List(_options.ApplicationProtocols)}.");

    // The exception of SslStream contains the text of the platform for an alert, such as "tlsv13 alert certificate required".
    private static AlertDescription? FindAlert(string text)
    {
        if (text.Contains("unrecognized name", StringComparison.OrdinalIgnoreCase))
            return AlertDescription.UnrecognizedName;
        foreach (var (words, alert) in Alerts)
        {
            if (text.Contains("alert " + words, StringComparison.OrdinalIgnoreCase))
                return alert;
        }

        return null;
    }

    private static SessionError CreateAlertError(AlertDescription alert) =>
        new(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, alert, $"The peer ended the session with the alert {alert}.");

    private static string? NameOf(SslStream ssl) =>
        ssl.NegotiatedApplicationProtocol.Protocol.IsEmpty ? null : ssl.NegotiatedApplicationProtocol.ToString();

    private static List<SslApplicationProtocol>? ToAlpn(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : ApplicationProtocols.BestFirst(names).Select(name => new SslApplicationProtocol(name)).ToList();

    private static SslStreamCertificateContext CreateContext(CertificateIdentity identity) =>
        SslStreamCertificateContext.Create(identity.PlatformCertificate!, [.. identity.Intermediates], offline: true);
}
