// The generator declares all handlers as instance methods, and the sample authenticates no role.
#pragma warning disable CA1822, SCH2027
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tests.Engine;

/// <summary>
/// A handshake with all features of a declaration: variants of one message, a choice, and messages in an established session. Its keys are not secret.
/// </summary>
[Handshake("sample/1")]
internal enum Sample
{
    [Client<Offer>(Offered)]
    Start,

    [Server<Retry>(Retrying)]
    [Server<Decision>(Decided)]
    Offered,

    [Client<Offer>(Reoffered)]
    Retrying,

    [Server<Decision>(Decided)]
    Reoffered,

    [Client<Confirm>(Open)]
    Decided,

    [Established]
    [Client<Renewal>(Open)]
    Open,
}

[Message(1)]
internal readonly partial record struct Offer(byte Value);

[Message(2)]
internal readonly partial record struct Decision(byte Value);

/// <summary>A decision of 0, which requests another offer.</summary>
[VariantOf<Decision>]
internal readonly ref partial struct Retry
{
    private static bool Matches(scoped in Decision message) => message.Value == 0;
}

[Message(3)]
internal readonly partial record struct Confirm;

[Message(4)]
internal readonly partial record struct Renewal(byte Generation);

internal static class SampleKeys
{
    public const CipherSuite Suite = CipherSuite.Aes128GcmSha256;

    public static RecordFormat Records { get; } = new() { Handshake = 1, Alert = 2, ApplicationData = 3, Version = 1 };

    public static NegotiatedSession Negotiated { get; } = new() { Handshake = "sample/1", CipherSuite = Suite };

    public static TrafficKeys Derive(Role sender, byte generation)
    {
        using var secret = new TrafficSecret([.. Enumerable.Repeat((byte)sender, 31), generation]);
        return TrafficKeys.Derive(CryptographyProvider.Platform, Suite, secret, "sample ");
    }

    public static ExporterSecret DeriveExporter(in Transcript transcript)
    {
        using var secret = new TrafficSecret(new byte[32]);
        Span<byte> hash = stackalloc byte[32];
        transcript.Hash(hash);
        return ExporterSecret.Derive(CryptographyProvider.Platform, HashFunction.Sha256, secret, "sample ", "exporter", hash);
    }

    public static KeysConfirmed Confirm() => KeysConfirmed.TryCheck([1], [1], out var confirmed) ? confirmed : default;
}

internal sealed partial class SampleClient(bool confirms = true) : HandshakeMachine<Sample>(CryptographyProvider.Platform)
{
    private byte _generation;

    /// <summary>Gets or sets the operation that the next renewal waits for, or null.</summary>
    public PendingOperation? RenewalWaitsFor { get; set; }

    public void Renew(byte generation)
    {
        _generation = generation;
        SendRenewal();
    }

    protected override string LabelPrefix => "sample ";

    protected override bool TryUpdateWriteKeys()
    {
        _generation++;
        SendRenewal();
        UseWriteKeys(SampleKeys.Derive(Role.Client, _generation));
        return true;
    }

    private partial HandshakeResult WriteOffer(ref MessageSink<Offer> sink)
    {
        sink.Write(new Offer(State == Sample.Start ? (byte)0 : (byte)1));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in Retry message, in Transcript before) => HandshakeResult.Continue;

    private partial HandshakeResult On(in Decision message, in Transcript before)
    {
        SelectHash(HashFunction.Sha256);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteConfirm(ref MessageSink<Confirm> sink)
    {
        sink.Write(default);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteRenewal(ref MessageSink<Renewal> sink)
    {
        if (RenewalWaitsFor is { } operation)
        {
            RenewalWaitsFor = null;
            sink.Write(new Renewal(byte.MaxValue));
            return HandshakeResult.Pending(operation, () => HandshakeResult.Continue);
        }

        sink.Write(new Renewal(_generation));
        return HandshakeResult.Continue;
    }

    partial void EnterOpen() => Establish(
        confirms ? SampleKeys.Confirm() : default, SampleKeys.Negotiated, SampleKeys.Derive(Role.Server, 0), SampleKeys.Derive(Role.Client, 0), SampleKeys.DeriveExporter(Transcript));
}

internal sealed partial class SampleServer(bool retries) : HandshakeMachine<Sample>(CryptographyProvider.Platform)
{
    public byte Generation { get; private set; }

    /// <summary>Gets or sets the method that receives the name of each handler before it runs. It can throw.</summary>
    public Action<string> Enter { get; set; } = _ => { };

    protected override string LabelPrefix => "sample ";

    private partial HandshakeResult On(in Offer message, in Transcript before)
    {
        Enter("On Offer");
        if (!retries || message.Value > 0)
            SelectHash(HashFunction.Sha256);
        return HandshakeResult.Continue;
    }

    private partial OfferedChoice ChooseOffered()
    {
        Enter("ChooseOffered");
        return retries ? OfferedChoice.Retry : OfferedChoice.Decision;
    }

    private partial HandshakeResult WriteRetry(ref MessageSink<Retry> sink)
    {
        sink.Write(new Retry(default));
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteDecision(ref MessageSink<Decision> sink)
    {
        sink.Write(new Decision(7));
        Enter("WriteDecision");
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in Confirm message, in Transcript before)
    {
        Enter("On Confirm");
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult On(in Renewal message, in Transcript before)
    {
        Enter("On Renewal");
        Generation = message.Generation;
        UseReadKeys(SampleKeys.Derive(Role.Client, Generation));
        return HandshakeResult.Continue;
    }

    partial void EnterOpen()
    {
        Enter("EnterOpen");
        Establish(
            SampleKeys.Confirm(), SampleKeys.Negotiated, SampleKeys.Derive(Role.Client, 0), SampleKeys.Derive(Role.Server, 0), SampleKeys.DeriveExporter(Transcript));
    }

    protected override void Dispose(bool disposing)
    {
        Enter("Dispose");
        base.Dispose(disposing);
    }
}
