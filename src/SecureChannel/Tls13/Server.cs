using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The TLS 1.3 server: its handlers and its keys.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The generator declares all handlers as instance methods.")]
internal sealed partial class Tls13Server(ServerHandshakeParameters parameters, ServerAnswer answer) : HandshakeMachine<Tls13>(parameters.Cryptography)
{
    // The early data that other servers allow. A client may use their tickets here by mistake.
    private const int MaxSkippedEarlyData = 1 << 15;

    private CertificateIdentity? _identity;
    private Signer? _signer;
    private ReceivedOffer? _offer;
    private ServerChoice? _choice;
    private IClientOffer? _clientOffer;
    private bool _isRetried;
    private EncapsulatedSecret? _agreed;
    private SessionKeys? _keys;
    private SigningOperation? _signing;
    private KeysConfirmed _confirmed;
    private ExporterSecret? _exporter;
    private bool _hasSentCcs;
    private bool _owesKeyUpdate;
    private bool _requestsKeyUpdate;

    /// <inheritdoc/>
    protected override string LabelPrefix => KeyDerivation.LabelPrefix;

    /// <inheritdoc/>
    protected override bool OwesKeyUpdate => _owesKeyUpdate;

    /// <inheritdoc/>
    protected override bool TryUpdateWriteKeys()
    {
        if (_keys!.UpdateWriteKeys(Role.Server) is not { } keys)
            return false;

        // RFC 9846 section 4.7.3: the message itself is protected with the old keys.
        SendKeyUpdate();
        UseWriteKeys(keys);
        (_owesKeyUpdate, _requestsKeyUpdate) = (false, false);
        return true;
    }

    /// <inheritdoc/>
    protected override bool TryRequestKeyUpdate()
    {
        // RFC 9846 section 4.7.3: "update_requested" also updates the keys of the sender.
        _requestsKeyUpdate = true;
        return TryUpdateWriteKeys();
    }

    private partial HandshakeResult On(in ClientHello message, in Transcript before)
    {
        if (!ReceivedOffer.TryRead(message, out var offer, out var error))
            return error;
        _isRetried = _offer is not null;
        if (_offer is not null)
            return Negotiate(offer, _offer);
        return parameters.TryGetIdentity(out var identity) ? Present(identity, offer) : Select(offer);
    }

    private HandshakeResult Select(ReceivedOffer offer)
    {
        var hello = new ClientHelloInfo(offer.ServerName, [.. offer.ApplicationProtocols.Names], offer.DefinedGroups);
        return parameters.SelectIdentity(
            new(CertificatePurpose.TlsServer, offer.SignatureSchemes, IdentityRequest.ReadAuthorities(offer.Authorities), hello, parameters.RemoteEndPoint), identity => Present(identity, offer));
    }

    private HandshakeResult Present(CertificateIdentity identity, ReceivedOffer offer)
    {
        _identity = identity;
        return identity.TryGetSigner(Cryptography, out _signer, out var error)
            ? Negotiate(offer)
            : new SessionError(SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError, error.Message);
    }

    private HandshakeResult Negotiate(ReceivedOffer offer, ReceivedOffer first)
    {
        // RFC 9846 section 4.3.10: the second ClientHello ends the early data.
        SkipEarlyData(0);
        return offer.CheckRetry(first, _choice!.Group, answer.Cookie) is { } changed ? changed : Negotiate(offer);
    }

    private HandshakeResult Negotiate(ReceivedOffer offer)
    {
        if (!Negotiation.TryChoose(offer, parameters, _signer!, out var choice, out var error))
            return error;

        // RFC 9846 section 4.2.4: the second ClientHello leads to the same suite, because it is selected from the same list.
        if (_offer is null)
            SelectHash(choice.Suite.Hash);
        if (offer.HasEarlyData)
            SkipEarlyData(MaxSkippedEarlyData);
        _choice = choice;
        return TryOpenTicket(offer) ? Resume(offer) : NegotiateFull(offer);
    }

    private HandshakeResult NegotiateFull(ReceivedOffer offer)
    {
        // A second ClientHello may still offer a session that can be resumed.
        if ((_choice!.PeerShare is not null || offer.PreSharedKeys is null) && Negotiation.CheckScheme(offer, _choice) is { } error)
            return error;
        return Agree(offer);
    }

    private HandshakeResult Agree(ReceivedOffer offer)
    {
        _offer = offer.Compact();
        if (_choice!.PeerShare is not { } peer)
            return HandshakeResult.Continue;
        _clientOffer = offer.Summarize();
        return KeyAgreement.TryEncapsulate(Cryptography, peer, out _agreed) is { } error ? error : HandshakeResult.Continue;
    }

    private partial ClientHelloSentChoice ChooseClientHelloSent() =>
        _agreed is null ? ClientHelloSentChoice.HelloRetryRequest
        : Early is null ? ClientHelloSentChoice.ServerHello
        : ClientHelloSentChoice.ResumedServerHello;

    private partial ClientHelloRepeatedChoice ChooseClientHelloRepeated() =>
        Early is null ? ClientHelloRepeatedChoice.ServerHello : ClientHelloRepeatedChoice.ResumedServerHello;

    private partial HandshakeResult WriteHelloRetryRequest(ref MessageSink<HelloRetryRequest> sink)
    {
        ReplaceTranscriptByHash(HandshakeTypes.MessageHash);
        sink.Write(answer.Retry(_offer!, _choice!));
        return HandshakeResult.Continue;
    }

    partial void EnterRetryRequested() => SendCompatibilityCcs();

    private partial HandshakeResult WriteServerHello(ref MessageSink<ServerHello> sink)
    {
        sink.Write(answer.Hello(_offer!, _choice!, CreateRandom(), _agreed!.Share));
        return HandshakeResult.Continue;
    }

    private byte[] CreateRandom()
    {
        var random = new byte[32];
        Cryptography.FillRandom(random);
        return random;
    }

    partial void EnterNegotiated() => EnterHandshake();

    private void EnterHandshake()
    {
        SendCompatibilityCcs();
        var log = parameters.KeyLog is { } write ? new KeyLog(write, _offer!.Hello.Random) : null;
        _keys = new SessionKeys(new KeyDerivation(Cryptography, _choice!.Suite), log);
        _keys.EnterHandshake(_agreed!.Secret, Transcript, Early);
        _agreed.Secret.Dispose();
        UseWriteKeys(_keys.DeriveHandshakeKeys(Role.Server));
        UseReadKeys(_keys.DeriveHandshakeKeys(Role.Client));
    }

    private partial HandshakeResult WriteEncryptedExtensions(ref MessageSink<EncryptedExtensions> sink)
    {
        sink.Write(answer.Encrypted(_choice!));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteCertificate(ref MessageSink<Certificate> sink)
    {
        sink.Write(answer.Certificate(_identity!, _choice!));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteCertificateVerify(ref MessageSink<CertificateVerify> sink)
    {
        if (_signing is null)
        {
            Span<byte> content = stackalloc byte[HandshakeSignature.MaxLength];
            content = content[..HandshakeSignature.Write(Role.Server, Transcript, content)];
            _signing = new SigningOperation(_signer!, _choice!.Scheme!.Value, content.ToArray());
            return HandshakeResult.Pending(_signing, () => HandshakeResult.Continue);
        }

        sink.Write(new CertificateVerify { Algorithm = _signing.Scheme, Signature = _signing.Signature.Span });
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteFinished(ref MessageSink<Finished> sink)
    {
        Span<byte> verifyData = stackalloc byte[HashFunctions.MaxLength];
        sink.Write(new Finished { VerifyData = verifyData[.._keys!.ComputeVerifyData(Role.Server, Transcript, verifyData)] });
        return HandshakeResult.Continue;
    }

    partial void EnterClientFinishing() => EnterApplication();

    private partial HandshakeResult On(in Finished message, in Transcript before)
    {
        if (Confirmation.Check(_keys!, Role.Client, message, before, out _confirmed) is { } error)
            return error;
        AcceptResumedClient();
        return HandshakeResult.Continue;
    }

    partial void EnterConnected()
    {
        var negotiated = new NegotiatedSession(parameters.Session.Agree(_choice!.PeerParameters.Span))
        {
            Handshake = Tls13Protocol.Instance.Name,
            ApplicationProtocol = _choice.ApplicationProtocol,
            CipherSuite = _choice.Suite,
            Group = _choice.Group,
            SignatureScheme = IsResumed ? null : _choice.Scheme,
            IsRetried = _isRetried,
            Offer = _clientOffer,
            IsClientAuthenticated = PeerIdentity is not null,
            IsResumed = IsResumed,
        };
        Establish(_confirmed, negotiated, _keys!.DeriveApplicationKeys(Role.Client), null, _exporter!);
        SendTickets();
        _keys.LeaveHandshake();

        // A session may be idle for hours, so it retains nothing that only the handshake needed.
        _resumption?.Dispose();
        _resumption = null;
        (_identity, _signer, _offer, _choice, _agreed, _signing, _validation) = (null, null, null, null, null, null, null);
    }

    private partial HandshakeResult On(in KeyUpdate message, in Transcript before)
    {
        if (Confirmation.Check(message) is { } error)
            return error;
        _owesKeyUpdate |= message.Request == KeyUpdateRequest.Requested;
        UseReadKeys(_keys!.UpdateReadKeys(Role.Client));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteKeyUpdate(ref MessageSink<KeyUpdate> sink)
    {
        sink.Write(new KeyUpdate(_requestsKeyUpdate ? KeyUpdateRequest.Requested : KeyUpdateRequest.NotRequested));
        return HandshakeResult.Continue;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _agreed?.Secret.Dispose();
        _keys?.Dispose();
        _exporter?.Dispose();
        _resumption?.Dispose();
        base.Dispose(disposing);
    }

    // RFC 9846 section 7.1: the transcript of the application keys ends with the server's Finished.
    private void EnterApplication()
    {
        if (_exporter is not null)
            return;

        // RFC 9846 section 4.5.3: "Any records following a Finished message MUST be encrypted under the appropriate application traffic key".
        _exporter = _keys!.EnterApplication(Transcript);
        UseWriteKeys(_keys.DeriveApplicationKeys(Role.Server));
    }

    // RFC 9846 appendix E.4: "immediately after its first handshake message", if the client sent a session id.
    private void SendCompatibilityCcs()
    {
        if (!_offer!.Hello.LegacySessionId.IsEmpty && !_hasSentCcs)
            SendChangeCipherSpec();
        _hasSentCcs = true;
    }
}
