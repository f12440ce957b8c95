using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>The server of the key transport handshake: its handlers and its keys.</summary>
internal sealed partial class KeyTransportServer(ServerHandshakeParameters parameters) : HandshakeMachine<KeyTransport>(parameters.Cryptography)
{
    private CertificateIdentity? _identity;
    private ServerCertificate? _answer;
    private ReadOnlyMemory<byte> _peerParameters;
    private EphemeralKey? _key;
    private KeySchedule? _schedule;
    private KeysConfirmed _confirmed;

    /// <inheritdoc/>
    protected override string LabelPrefix => KeySchedule.LabelPrefix;

    private partial HandshakeResult On(in ClientRequest message, in Transcript before)
    {
        return parameters.TryGetIdentity(out var identity) ? Present(identity, message) : Select(message);
    }

    private HandshakeResult Select(ClientRequest request)
    {
        // A selector gets no names from a malformed list, which the negotiation refuses.
        var names = new ProtocolNames(request.ApplicationProtocols);
        var hello = new ClientHelloInfo(request.Name, names.IsWellFormed(isText: true) ? [.. names.Names] : [], null);
        return parameters.SelectIdentity(
            new(CertificatePurpose.KeyTransportServer, null, [], hello, parameters.RemoteEndPoint), identity => Present(identity, request));
    }

    private HandshakeResult Present(CertificateIdentity identity, ClientRequest request)
    {
        _identity = identity;
        if (!Negotiation.TryAnswer(request, parameters, identity, out _answer, out var error))
            return error;
        _peerParameters = request.Parameters;
        SelectHash(_answer.Suite.Hash);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteServerCertificate(ref MessageSink<ServerCertificate> sink)
    {
        sink.Write(_answer!);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in ClientKey message, in Transcript before)
    {
        // A random key that a failed unwrap does not change, so that a bad wrapped key and a bad Finished value fail alike, at ClientFinished.
        _key = EphemeralKey.Generate(Cryptography, KeyUnwrapper.KeyLength);
        return HandshakeResult.Pending(new KeyUnwrapOperation(_identity!.KeyUnwrapper!, message.Wrapped, _key.Buffer), () => HandshakeResult.Continue);
    }

    partial void EnterConfirming()
    {
        _schedule = new KeySchedule(Cryptography, _answer!.Suite, _key!, Transcript);
        _key!.Dispose();
    }

    private partial HandshakeResult On(in ClientFinished message, in Transcript before)
    {
        var expected = _schedule!.ComputeVerifyData(Role.Client, before);
        return KeysConfirmed.TryCheck(expected, message.VerifyData, out _confirmed)
            ? HandshakeResult.Continue
            : new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.BadFinished, AlertDescription.DecryptError,
                "The client's encrypted key or Finished value is invalid. "
                + "The client encrypted the key with another server's public key, or a handshake message was modified in transit.");
    }

    private partial HandshakeResult WriteServerAcknowledge(ref MessageSink<ServerAcknowledge> sink)
    {
        sink.Write(new ServerAcknowledge { VerifyData = _schedule!.ComputeVerifyData(Role.Server, Transcript) });
        return HandshakeResult.Continue;
    }

    partial void EnterSecured()
    {
        var (read, write, exporter) = _schedule!.Conclude(Role.Server, Transcript);
        Establish(_confirmed, Negotiation.Conclude(_answer!, parameters.Session.Agree(_peerParameters.Span)), read, write, exporter);

        // A session may be idle for hours, so it retains nothing that only the handshake needed.
        (_identity, _answer, _key, _schedule) = (null, null, null, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _key?.Dispose();
        _schedule?.Dispose();
        base.Dispose(disposing);
    }
}
