// The generator declares all handlers as instance methods, and the declaration has a path without a proof on purpose.
#pragma warning disable CA1822, SCH2026
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>A handshake whose server can skip the message that proves its identity. The rule SCH2026 rejects such a declaration; the engine does too.</summary>
[Handshake("shortcut/1")]
internal enum Shortcut
{
    [Client<Greeting>(Greeted)]
    Start,

    [Server<Proven>(Open, Authenticates = Role.Server)]
    [Server<Unproven>(Open)]
    Greeted,

    [Established]
    Open,
}

[Message(1)]
internal readonly partial record struct Greeting;

[Message(2)]
internal readonly partial record struct Proven;

[Message(3)]
internal readonly partial record struct Unproven;

public sealed class ProofTests
{
    [Fact]
    public void A_session_without_the_declared_proof_is_not_established()
    {
        using var pair = new EnginePair(SampleKeys.Records, new ShortcutClient(), new ShortcutServer(isProven: false)).Start().Run();
        AssertNotEstablished(pair, "the identity of the peer is not proven");
    }

    [Fact]
    public void A_handler_that_returns_no_proof_does_not_authenticate_the_peer()
    {
        using var pair = new EnginePair(SampleKeys.Records, new ShortcutClient(), new ShortcutServer(isProven: true)).Start().Run();
        AssertNotEstablished(pair, "returned no proof");
    }

    private static void AssertNotEstablished(EnginePair pair, string text)
    {
        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError), (pair.Client.Error?.Kind, pair.Client.Error?.Alert));
        Assert.Contains(text, pair.Client.Error!.Message, StringComparison.Ordinal);
        Assert.Null(pair.Client.Engine.Negotiated);
        Assert.Null(pair.Client.Engine.PeerIdentity);
    }
}

internal sealed partial class ShortcutClient() : HandshakeMachine<Shortcut>(CryptographyProvider.Platform)
{
    protected override string LabelPrefix => "sample ";

    private partial HandshakeResult WriteGreeting(ref MessageSink<Greeting> sink)
    {
        sink.Write(default);
        SelectHash(HashFunction.Sha256);
        return HandshakeResult.Continue;
    }

    private partial AuthenticationResult On(in Proven message, in Transcript before) => default;

    private partial HandshakeResult On(in Unproven message, in Transcript before) => HandshakeResult.Continue;

    partial void EnterOpen() => Establish(
        SampleKeys.Confirm(), SampleKeys.Negotiated, SampleKeys.Derive(Role.Server, 0), SampleKeys.Derive(Role.Client, 0), SampleKeys.DeriveExporter(Transcript));
}

internal sealed partial class ShortcutServer(bool isProven) : HandshakeMachine<Shortcut>(CryptographyProvider.Platform)
{
    protected override string LabelPrefix => "sample ";

    private partial HandshakeResult On(in Greeting message, in Transcript before)
    {
        SelectHash(HashFunction.Sha256);
        return HandshakeResult.Continue;
    }

    private partial GreetedChoice ChooseGreeted() => isProven ? GreetedChoice.Proven : GreetedChoice.Unproven;

    private partial HandshakeResult WriteProven(ref MessageSink<Proven> sink)
    {
        sink.Write(default);
        return HandshakeResult.Continue;
    }

    private partial HandshakeResult WriteUnproven(ref MessageSink<Unproven> sink)
    {
        sink.Write(default);
        return HandshakeResult.Continue;
    }

    partial void EnterOpen() => Establish(
        SampleKeys.Confirm(), SampleKeys.Negotiated, SampleKeys.Derive(Role.Client, 0), SampleKeys.Derive(Role.Server, 0), SampleKeys.DeriveExporter(Transcript));
}
