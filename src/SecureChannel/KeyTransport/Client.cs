using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>The client of the key transport handshake: its handlers and its keys.</summary>
internal sealed partial class KeyTransportClient(ClientHandshakeParameters parameters) : HandshakeMachine<KeyTransport>(parameters.Cryptography)
{
    private readonly ClientRequest _request = Negotiation.Propose(parameters);
    private ServerCertificate? _answer;
    private VerifiedIdentity? _server;
    private WrappedKey? _wrapped;
    private EphemeralKey? _key;
    private KeySchedule? _schedule;
    private KeysConfirmed _confirmed;

    /// <inheritdoc/>
    protected override string LabelPrefix => KeySchedule.LabelPrefix;

    private partial HandshakeResult WriteClientRequest(ref MessageSink<ClientRequest> sink)
    {
        sink.Write(_request);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in ServerCertificate message, in Transcript before)
    {
        if (Negotiation.Check(message, _request) is { } illegal)
            return illegal;
        if (SessionParameters.Validate(message.Parameters.Span) is { } wrong)
            return wrong;
        if (ApplicationProtocols.CheckChoice(
            message.ApplicationProtocol?.Name, parameters.ApplicationProtocols, parameters.RequireApplicationProtocol, Role.Client) is { } none)
            return none;

        var answer = message;
        var validation = new CertificateVerificationOperation(
            parameters.Trust,
            [.. answer.Chain.Select(certificate => certificate.Der)],
            parameters.ServerName,
            CertificatePurpose.KeyTransportServer,
            parameters.TimeProvider.GetUtcNow(),
            parameters.Cryptography)
        {
            RemoteEndPoint = parameters.RemoteEndPoint,
        };
        return HandshakeResult.Pending(validation, () => AcceptIdentity(answer, validation));
    }

    private HandshakeResult AcceptIdentity(ServerCertificate answer, CertificateVerificationOperation validation)
    {
        if (validation.Identity is null)
            return validation.Error!;
        (_answer, _server) = (answer, validation.Identity);
        SelectHash(answer.Suite.Hash);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteClientKey(ref MessageSink<ClientKey> sink)
    {
        _key = EphemeralKey.Generate(Cryptography, KeyUnwrapper.KeyLength);
        if (!WrappedKey.TryWrap(_server!, _key.Bytes, out _wrapped, out var error))
            return error;
        sink.Write(new ClientKey(_wrapped.Ciphertext));
        return HandshakeResult.Continue;
    }

    partial void EnterConfirming()
    {
        _schedule = new KeySchedule(Cryptography, _answer!.Suite, _key!, Transcript);
        _key!.Dispose();
    }

    private partial HandshakeResult WriteClientFinished(ref MessageSink<ClientFinished> sink)
    {
        sink.Write(new ClientFinished { VerifyData = _schedule!.ComputeVerifyData(Role.Client, Transcript) });
        return HandshakeResult.Continue;
    }

    private partial AuthenticationResult On(in ServerAcknowledge message, in Transcript before)
    {
        var expected = _schedule!.ComputeVerifyData(Role.Server, before);
        if (!KeysConfirmed.TryCheck(expected, message.VerifyData, out _confirmed))
            return new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.BadFinished, AlertDescription.DecryptError,
                "The server's acknowledgement is invalid. "
                + "The server does not hold the private key of its certificate, or a handshake message was modified in transit.");
        return new IdentityProof(_wrapped!, _confirmed);
    }

    partial void EnterSecured()
    {
        var (read, write, exporter) = _schedule!.Conclude(Role.Client, Transcript);
        Establish(_confirmed, Negotiation.Conclude(_answer!, parameters.Session.Agree(_answer!.Parameters.Span)), read, write, exporter);

        // A session may be idle for hours: free what only the handshake needed.
        (_answer, _server, _wrapped, _key, _schedule) = (null, null, null, null, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _key?.Dispose();
        _schedule?.Dispose();
        base.Dispose(disposing);
    }
}
