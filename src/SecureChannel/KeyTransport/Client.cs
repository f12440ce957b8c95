using SecureChannel.Cryptography;
using SecureChannel.Engine;

namespace SecureChannel.KeyTransport;

/// <summary>What the client does with each message.</summary>
internal sealed partial class KeyTransportClient(ClientHandshakeParameters parameters) : HandshakeMachine<KeyTransport>(parameters.Cryptography)
{
    private readonly ClientRequest _request = Negotiation.Propose(parameters);
    private ServerCertificate? _answer;
    private ValidatedChain? _chain;
    private EphemeralKey? _key;
    private KeySchedule? _schedule;
    private KeysConfirmed _confirmed;

    /// <inheritdoc/>
    protected override string LabelPrefix => KeySchedule.LabelPrefix;

    private partial Step WriteClientRequest(ref Flight<ClientRequest> flight)
    {
        flight.Write(_request);
        return Step.Continue;
    }

    private partial Step On(in ServerCertificate message, in Transcript before)
    {
        if (Negotiation.Check(message, _request) is { } illegal)
            return illegal;

        var answer = message;
        var validation = new ChainValidation(
            [.. answer.Chain.Select(certificate => certificate.Der)],
            parameters.ServerName,
            CertificatePurpose.KeyTransportServer,
            parameters.Trust,
            parameters.TimeProvider);
        return Step.Pending(validation, () => Accept(answer, validation));
    }

    private Step Accept(ServerCertificate answer, ChainValidation validation)
    {
        if (validation.Chain is null)
            return validation.Error!;
        (_answer, _chain) = (answer, validation.Chain);
        SelectHash(answer.Suite.Hash);
        return Step.Continue;
    }

    private partial Step WriteClientKey(ref Flight<ClientKey> flight)
    {
        _key = EphemeralKey.Generate(Cryptography, KeyUnwrapper.KeyLength);
        flight.Write(new ClientKey(KeyWrapper.Wrap(_chain!, _key.Bytes)));
        return Step.Continue;
    }

    partial void EnterConfirming()
    {
        _schedule = new KeySchedule(Cryptography, _answer!.Suite, _key!, Transcript);
        _key!.Dispose();
    }

    private partial Step WriteClientFinished(ref Flight<ClientFinished> flight)
    {
        flight.Write(new ClientFinished { VerifyData = _schedule!.ComputeVerifyData(Role.Client, Transcript) });
        return Step.Continue;
    }

    private partial ProofStep On(in ServerAcknowledge message, in Transcript before)
    {
        var expected = _schedule!.ComputeVerifyData(Role.Server, before);
        if (!KeysConfirmed.TryCheck(expected, message.VerifyData, out _confirmed))
            return new SessionError(Fault.Misbehaved, Alert.DecryptError, "The server's acknowledgement is wrong: it does not hold the certificate's key, or messages were altered.");
        return new IdentityProof(_chain!, _confirmed);
    }

    partial void EnterSecured() => Establish(
        _confirmed,
        Negotiation.Conclude(_answer!, _chain),
        _schedule!.DeriveKeys(Role.Server, Transcript),
        _schedule.DeriveKeys(Role.Client, Transcript),
        _schedule.DeriveExporter(Transcript));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _key?.Dispose();
        _schedule?.Dispose();
        base.Dispose(disposing);
    }
}
