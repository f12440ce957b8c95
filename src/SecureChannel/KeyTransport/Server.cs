using SecureChannel.Cryptography;
using SecureChannel.Engine;

namespace SecureChannel.KeyTransport;

/// <summary>What the server does with each message.</summary>
internal sealed partial class KeyTransportServer(ServerHandshakeParameters parameters) : HandshakeMachine<KeyTransport>(parameters.Cryptography)
{
    private readonly uint? _longestIdleTimeout = IdleTimeouts.ToMilliseconds(parameters.IdleTimeout);
    private ServerCertificate? _answer;
    private EphemeralKey? _key;
    private KeySchedule? _schedule;
    private KeysConfirmed _confirmed;

    /// <inheritdoc/>
    protected override string LabelPrefix => KeySchedule.LabelPrefix;

    private partial Step On(in ClientRequest message, in Transcript before)
    {
        if (!Negotiation.TryAnswer(message, parameters, _longestIdleTimeout, out _answer, out var error))
            return error;
        SelectHash(_answer.Suite.Hash);
        return Step.Continue;
    }

    private partial Step WriteServerCertificate(ref Flight<ServerCertificate> flight)
    {
        flight.Write(_answer!);
        return Step.Continue;
    }

    private partial Step On(in ClientKey message, in Transcript before)
    {
        // Drawn before, and left as it is by a failure: a bad wrapping ends where a bad Finished does, and looks the same.
        _key = EphemeralKey.Generate(Cryptography, KeyUnwrapper.KeyLength);
        return Step.Pending(new KeyUnwrapping(parameters.Identity.KeyUnwrapper!, message.Wrapped, _key.Buffer), () => Step.Continue);
    }

    partial void EnterConfirming()
    {
        _schedule = new KeySchedule(Cryptography, _answer!.Suite, _key!, Transcript);
        _key!.Dispose();
    }

    private partial Step On(in ClientFinished message, in Transcript before)
    {
        var expected = _schedule!.ComputeVerifyData(Role.Client, before);
        return KeysConfirmed.TryCheck(expected, message.VerifyData, out _confirmed)
            ? Step.Continue
            : new SessionError(Fault.Misbehaved, Alert.DecryptError, "The client's key or its Finished value is wrong: it does not know this server's key, or messages were altered.");
    }

    private partial Step WriteServerAcknowledge(ref Flight<ServerAcknowledge> flight)
    {
        flight.Write(new ServerAcknowledge { VerifyData = _schedule!.ComputeVerifyData(Role.Server, Transcript) });
        return Step.Continue;
    }

    partial void EnterSecured() => Establish(
        _confirmed,
        Negotiation.Conclude(_answer!, null),
        _schedule!.DeriveKeys(Role.Client, Transcript),
        _schedule.DeriveKeys(Role.Server, Transcript),
        _schedule.DeriveExporter(Transcript));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _key?.Dispose();
        _schedule?.Dispose();
        base.Dispose(disposing);
    }
}
