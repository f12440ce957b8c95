using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The TLS 1.3 client: its handlers and its keys.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The generator declares all handlers as instance methods.")]
internal sealed partial class Tls13Client(ClientHandshakeParameters parameters, ClientOffer offer) : HandshakeMachine<Tls13>(parameters.Cryptography)
{
    private ClientOffer? _offer = offer;
    private CipherSuite? _retriedSuite;
    private CipherSuite _suite;
    private KeyShareEntry? _serverShare;
    private SessionKeys? _keys;
    private string? _applicationProtocol;
    private ReadOnlyMemory<byte> _peerParameters;
    private CertificateVerificationOperation? _validation;
    private SignatureScheme? _scheme;
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
        if (_keys!.UpdateWriteKeys(Role.Client) is not { } keys)
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

    private partial HandshakeResult WriteClientHello(ref MessageSink<ClientHello> sink)
    {
        if (_resumption?.TryTakeSession(out var verification) == true)
            return AwaitVerification(verification!);
        _resumption?.Offer(_offer!, _retriedSuite, Transcript);
        sink.Write(_offer!.Hello);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in HelloRetryRequest message, in Transcript before)
    {
        var hello = message.Message;
        if (!ReceivedChoice.TryRead(hello, _offer!, out var group, out var cookie, out var error))
            return error;

        _retriedSuite = hello.CipherSuite;
        SelectHash(hello.CipherSuite.Hash);
        ReplaceTranscriptByHash(HandshakeTypes.MessageHash);
        return _offer!.Retry(group, cookie) is { } tooLong ? tooLong : HandshakeResult.Continue;
    }

    partial void EnterRetryRequested() => SendCompatibilityCcs();

    private partial HandshakeResult On(in ServerHello message, in Transcript before)
    {
        if (!ReceivedChoice.TryRead(message, _offer!, _retriedSuite, out _serverShare, out var error))
            return error;

        _suite = message.CipherSuite;
        if (_retriedSuite is null)
            SelectHash(_suite.Hash);
        return HandshakeResult.Continue;
    }

    partial void EnterNegotiated()
    {
        _resumption?.LeaveSession();
        EnterHandshake();
    }

    private void EnterHandshake()
    {
        if (!KeyAgreement.TryDecapsulate(_offer!.ShareOf(_serverShare!.Group)!, _serverShare, out var agreed, out var error))
        {
            Fail(error);
            return;
        }

        using (agreed)
        {
            var log = parameters.KeyLog is { } write ? new KeyLog(write, _offer!.Hello.Random) : null;
            _keys = new SessionKeys(new KeyDerivation(Cryptography, _suite), log);
            _keys.EnterHandshake(agreed, Transcript, _resumption?.Early);
        }

        _offer.Dispose();
        SendCompatibilityCcs();
        UseReadKeys(_keys.DeriveHandshakeKeys(Role.Server));
        UseWriteKeys(_keys.DeriveHandshakeKeys(Role.Client));
    }

    private partial HandshakeResult On(in EncryptedExtensions message, in Transcript before)
    {
        if (ExtensionRules.Check(message.Extensions, nameof(EncryptedExtensions), _offer!) is { } error)
            return error;

        if (message.Extensions.Find<EncryptedExtension, EncryptedExtension.ApplicationProtocol>() is { } protocol)
        {
            // RFC 7301 section 3.1: the list "MUST contain exactly one "ProtocolName"", and one of the client's.
            var names = new ProtocolNames(protocol.Names);
            if (!names.IsWellFormed())
                return Tls13Error.MalformedNames(nameof(EncryptedExtensions));
            _applicationProtocol = parameters.ApplicationProtocols.FirstOrDefault(names.IsOnly);
            if (_applicationProtocol is null)
                return Tls13Error.Illegal("The server selected an application protocol that was not offered.");
        }

        if (ApplicationProtocols.CheckChoice(_applicationProtocol, parameters.ApplicationProtocols, parameters.RequireApplicationProtocol, Role.Client) is { } none)
            return none;

        _peerParameters = message.Extensions.Find<EncryptedExtension, EncryptedExtension.Parameters>()?.Content ?? default;
        return SessionParameters.Validate(_peerParameters.Span) is { } wrong ? wrong : HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in Certificate message, in Transcript before)
    {
        // RFC 9846 section 4.5.1: in a server's message "this field SHALL be zero length".
        if (!message.Context.IsEmpty)
            return Tls13Error.Illegal("The server's Certificate has a nonempty certificate_request_context. It must be empty.");

        // RFC 9846 section 4.5.1.3: "If the server supplies an empty Certificate message, the client MUST abort the handshake with a "decode_error" alert."
        if (message.Entries.IsEmpty)
            return new SessionError(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.DecodeError, "The server sent no certificate.");
        foreach (var entry in message.Entries)
        {
            if (ExtensionRules.Check(entry.Extensions, nameof(Certificate), _offer!) is { } error)
                return error;
        }

        var chain = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(message.Entries)!, entry => entry.Data);
        _validation = new CertificateVerificationOperation(
            parameters.Trust,
            chain,
            parameters.ServerName,
            CertificatePurpose.TlsServer,
            parameters.TimeProvider.GetUtcNow(),
            parameters.Cryptography)
        {
            // RFC 9846 section 4.5.1.1: the status of the server's own certificate is in its entry.
            StapledOcspResponse = _offer!.Has(ExtensionType.StatusRequest) ? OcspResponse.Find(message.Entries[0].Extensions) : default(ReadOnlyMemory<byte>?),
            RemoteEndPoint = parameters.RemoteEndPoint,
        };
        if (_resumption is not null)
            (_resumption.ServerChain, _resumption.StapledResponse) = (chain, _validation.StapledOcspResponse);
        return HandshakeResult.Pending(_validation, AcceptIdentity);
    }

    private HandshakeResult AcceptIdentity() => _validation!.Identity is null ? _validation.Error! : HandshakeResult.Continue;

    private partial AuthenticationResult On(in CertificateVerify message, in Transcript before)
    {
        // RFC 9846 section 4.5.2: "the signature algorithm MUST be one offered in the client's "signature_algorithms" extension".
        if (!_offer!.SignatureSchemes.Contains(message.Algorithm))
            return Tls13Error.Illegal($"The server signed with {message.Algorithm.Name}, which was not offered.");
        _scheme = message.Algorithm;
        Span<byte> content = stackalloc byte[HandshakeSignature.MaxLength];
        content = content[..HandshakeSignature.Write(Role.Server, before, content)];
        if (!SignatureVerified.TryCheck(Cryptography, _validation!.Identity!, message.Algorithm, content, message.Signature, out var verified, out var error))
            return error;
        var proof = new IdentityProof(verified);
        if (_resumption is not null)
            _resumption.Server = proof;
        return proof;
    }

    private partial HandshakeResult On(in Finished message, in Transcript before) =>
        Confirmation.Check(_keys!, Role.Server, message, before, out _confirmed) is { } error ? error
        : _request is not null ? SelectIdentity()
        : HandshakeResult.Continue;

    partial void EnterClientFinishing() => EnterApplication();

    private partial HandshakeResult WriteFinished(ref MessageSink<Finished> sink)
    {
        Span<byte> verifyData = stackalloc byte[HashFunctions.MaxLength];
        sink.Write(new Finished { VerifyData = verifyData[.._keys!.ComputeVerifyData(Role.Client, Transcript, verifyData)] });
        return HandshakeResult.Continue;
    }

    partial void EnterConnected()
    {
        var negotiated = new NegotiatedSession(parameters.Session.Agree(_peerParameters.Span))
        {
            Handshake = Tls13Protocol.Instance.Name,
            ApplicationProtocol = _applicationProtocol,
            CipherSuite = _suite,
            Group = _serverShare!.Group,
            SignatureScheme = _scheme,
            IsClientAuthenticated = IsClientAuthenticated,
            IsResumed = _resumption?.Session is not null,
            IsRetried = _retriedSuite is not null,
        };
        Establish(_confirmed, negotiated, null, _keys!.DeriveApplicationKeys(Role.Client), _exporter!);
        AwaitTickets();
        _keys.LeaveHandshake();

        // A session may be idle for hours, so it retains nothing that only the handshake needed.
        (_offer, _serverShare, _validation, _peerParameters) = (null, null, null, default);
        (_request, _identity, _signing) = (null, null, null);
    }

    private partial HandshakeResult On(in KeyUpdate message, in Transcript before)
    {
        if (Confirmation.Check(message) is { } error)
            return error;
        _owesKeyUpdate |= message.Request == KeyUpdateRequest.Requested;
        UseReadKeys(_keys!.UpdateReadKeys(Role.Server));
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
        _offer?.Dispose();
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
        _exporter = _keys!.EnterApplication(Transcript);
        UseReadKeys(_keys.DeriveApplicationKeys(Role.Server));
    }

    // RFC 9846 appendix E.4: once, "immediately before its second flight", which may be an alert.
    private void SendCompatibilityCcs()
    {
        if (_offer!.IsCompatible && !_hasSentCcs)
            SendChangeCipherSpecBeforeNextRecord();
        _hasSentCcs = true;
    }
}
