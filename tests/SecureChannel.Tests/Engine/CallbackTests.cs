using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>Callbacks and handshake code that throw. The engine ends the session with an internal_error and throws nothing.</summary>
public sealed class CallbackTests
{
    private const string Secret = "the text of the callback";

    public static TheoryData<string, Role> Ends => new()
    {
        { "Tls13", Role.Client }, { "Tls13", Role.Server }, { "KeyTransport", Role.Client }, { "KeyTransport", Role.Server },
    };

    [Theory, MemberData(nameof(Ends))]
    public void An_observer_that_throws_at_any_transition_ends_the_session(string security, Role role)
    {
        var throwsAt = 0;
        for (var isComplete = false; !isComplete; throwsAt++)
        {
            using var pair = Create(security);
            var seen = 0;
            pair.Observer = progress =>
            {
                if (progress.Role == role && seen++ == throwsAt)
                    throw new InvalidOperationException(Secret);
            };
            pair.Start().Run();
            isComplete = pair.IsEstablished;
            if (!isComplete)
                AssertFailed<InvalidOperationException>(pair, role);
        }

        Assert.True(throwsAt > 4);
    }

    [Fact]
    public void An_observer_that_throws_at_a_received_key_update_ends_the_session_with_internal_error()
    {
        using var pair = Establish(Tls13Ends.CreatePair());
        pair.Observer = _ => throw new TimeoutException(Secret);
        Assert.Throws<TimeoutException>(() => MachineOf(pair.Client).UpdateWriteKeys());
        pair.Write(Role.Client, 1);
        pair.Run();
        AssertFailed<TimeoutException>(pair, Role.Server);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_observer_that_throws_at_the_answer_to_a_key_update_ends_the_session(bool closes)
    {
        using var pair = Establish(Tls13Ends.CreatePair());
        HandshakeWire.WriterOf(pair.Client).Write(22, [24, 0, 0, 1, 1], pair.Client.Output);
        pair.Run();
        Assert.Null(pair.Server.Error);
        pair.Observer = _ => throw new TimeoutException(Secret);
        if (closes)
            pair.Server.Engine.Close(pair.Now, pair.Server.Output);
        else
            pair.Write(Role.Server, 1);
        AssertEnded<TimeoutException>(pair.Server);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_key_log_that_throws_ends_the_session(Role role)
    {
        Action<string> log = _ => throw new NotSupportedException(Secret);
        using var pair = Tls13Ends.CreatePair(
            role == Role.Client ? Tls13Ends.Client with { KeyLog = log } : null, role == Role.Server ? Tls13Ends.Server with { KeyLog = log } : null);
        pair.Start().Run();
        AssertFailed<NotSupportedException>(pair, role);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signer_that_throws_ends_the_session(bool isSynchronous)
    {
        var certificate = Tls13Ends.Identity.Certificate;
        using var identity = new CertificateIdentity(certificate, new FailingSigner(isSynchronous));
        using var pair = Tls13Ends.CreatePair(server: new ServerHandshakeParameters { Identity = identity }).Start().Run();
        AssertFailed<InvalidOperationException>(pair, Role.Server);
    }

    [Fact]
    public void A_signer_whose_schemes_throw_ends_the_session()
    {
        using var identity = new CertificateIdentity(Tls13Ends.Identity.Certificate, new FailingSigner(isSynchronous: true, hasSchemes: false));
        using var pair = Tls13Ends.CreatePair(server: new ServerHandshakeParameters { Identity = identity }).Start().Run();
        AssertFailed<InvalidOperationException>(pair, Role.Server);
    }

    [Fact]
    public void A_key_unwrapper_that_throws_ends_the_session()
    {
        using var identity = new CertificateIdentity(KeyTransportEnds.Identity.Certificate, new FailingUnwrapper());
        using var pair = KeyTransportEnds.CreatePair(server: new ServerHandshakeParameters { Identity = identity }).Start().Run();
        AssertFailed<InvalidOperationException>(pair, Role.Server);
    }

    [Theory]
    [InlineData("On Offer")]
    [InlineData("ChooseOffered")]
    [InlineData("WriteDecision")]
    [InlineData("On Confirm")]
    [InlineData("EnterOpen")]
    public void A_handshake_handler_that_throws_ends_the_session(string handler)
    {
        using var pair = new EnginePair(SampleKeys.Records, new SampleClient(), new SampleServer(retries: false) { Enter = ThrowAt(handler) });
        pair.Start().Run();
        AssertFailed<FormatException>(pair, Role.Server);
    }

    [Fact]
    public void A_handler_that_throws_after_the_handshake_ends_the_session()
    {
        var client = new SampleClient();
        using var pair = new EnginePair(SampleKeys.Records, client, new SampleServer(retries: false) { Enter = ThrowAt("On Renewal") });
        Establish(pair);
        client.Renew(3);
        pair.Write(Role.Client, 1);
        pair.Run();
        AssertFailed<FormatException>(pair, Role.Server);
    }

    [Fact]
    public void A_machine_whose_disposal_throws_is_still_wiped()
    {
        using var pair = new EnginePair(SampleKeys.Records, new SampleClient(), new SampleServer(retries: false) { Enter = ThrowAt("Dispose") });
        Establish(pair);
        var keys = HandshakeWire.WriteKeysOf(pair.Server);
        pair.Server.Engine.Dispose();
        Assert.IsType<FormatException>(pair.Server.Engine.Failure);
        Assert.Throws<ObjectDisposedException>(() => keys.Seal(default, new byte[17]));
        Assert.Throws<ObjectDisposedException>(() => MachineOf(pair.Server).Export("label", [], new byte[16]));
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void An_observer_that_disposes_the_engine_ends_the_session(Role role)
    {
        for (var disposesAt = 0; ; disposesAt++)
        {
            using var pair = Tls13Ends.CreatePair();
            var seen = 0;
            pair.Observer = progress =>
            {
                if (progress.Role == role && seen++ == disposesAt)
                    pair[role].Engine.Dispose();
            };
            pair.Start().Run();
            if (pair.IsEstablished)
                return;
            Assert.Equal(EngineStatus.Closed, pair[role].Engine.Status);
            Assert.Null(pair[role].Engine.Failure);
        }
    }

    [Fact]
    public void A_pending_operation_can_fail_only_while_it_is_pending()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.FailPending(new TimeoutException(), pair.Now, pair.Client.Output));
        pair.Client.Engine.Dispose();
        pair.Client.Engine.FailPending(new TimeoutException(), pair.Now, pair.Client.Output);
        Assert.Null(pair.Client.Engine.Failure);
    }

    private static Action<string> ThrowAt(string handler) => name =>
    {
        if (name == handler)
            throw new FormatException(Secret);
    };

    private static HandshakeMachine MachineOf(EngineEnd end) => (HandshakeMachine)typeof(ChannelEngine)
        .GetField("_machine", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(end.Engine)!;

    private static EnginePair Create(string security) => security == "Tls13" ? Tls13Ends.CreatePair() : KeyTransportEnds.CreatePair();

    private static EnginePair Establish(EnginePair pair)
    {
        pair.Start().Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Error} {pair.Server.Error}");
        return pair;
    }

    private static void AssertFailed<TException>(EnginePair pair, Role role)
    {
        AssertEnded<TException>(pair[role]);
        var peer = pair[1 - role];

        // An endpoint that fails before it uses the keys of the session cannot protect its alert for a peer that already uses them.
        if (peer.Engine.Negotiated is null || peer.Error!.Code != SessionErrorCode.UnexpectedMessage)
            Assert.Equal(
                (SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.InternalError),
                (peer.Error?.Kind, peer.Error?.Code, peer.Error?.Alert));
        Assert.DoesNotContain(Secret, peer.Error!.Message, StringComparison.Ordinal);
        Assert.Null(peer.Engine.Failure);
    }

    private static void AssertEnded<TException>(EngineEnd end)
    {
        Assert.Equal(
            (SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError), (end.Error?.Kind, end.Error?.Code, end.Error?.Alert));
        Assert.Contains(typeof(TException).Name, end.Error!.Message, StringComparison.Ordinal);
        Assert.IsType<TException>(end.Engine.Failure);
    }

    private sealed class FailingSigner(bool isSynchronous, bool hasSchemes = true) : Signer
    {
        private bool _wasRead;

        // The identity reads the schemes once, when it is created.
        public override ImmutableArray<SignatureScheme> Schemes
        {
            get
            {
                if (hasSchemes || !_wasRead)
                {
                    _wasRead = true;
                    return [SignatureScheme.EcdsaSecp256r1Sha256];
                }

                throw new InvalidOperationException(Secret);
            }
        }

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            isSynchronous ? throw new InvalidOperationException(Secret) : FailAsync();

        private static async ValueTask<ReadOnlyMemory<byte>> FailAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException(Secret);
        }
    }

    private sealed class FailingUnwrapper : KeyUnwrapper
    {
        public override ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException(Secret);
    }
}
