using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Tests.Engine;

/// <summary>The keys in memory at each stage of a session. Every key that the session no longer needs is zero.</summary>
public sealed class SecretTests
{
    /// <summary>Gets the protocols, and the keys that an endpoint needs after it has sent and received data.</summary>
    public static TheoryData<string, int> Protocols => new()
    {
        // Two application traffic secrets for key updates, and the exporter secret.
        { "Tls13", 3 },

        // The exporter secret.
        { "KeyTransport", 1 },
    };

    private static readonly byte[] Certificate = Tls13Ends.Identity.Certificate.RawData[..64];

    [Theory, MemberData(nameof(Protocols))]
    public void An_established_session_retains_only_the_keys_that_it_needs(string protocol, int needed)
    {
        Observe(memory =>
        {
            using var pair = Establish(protocol);

            // The key of a direction is in memory until its cipher is prepared.
            Assert.InRange(memory.Count, 2 * needed, 2 * (needed + 2));
            Exchange(pair);
            Assert.Equal(2 * needed, memory.Count);
        });
    }

    [Fact]
    public void A_key_update_wipes_the_previous_keys()
    {
        Observe(memory =>
        {
            using var pair = Establish("Tls13");
            for (var round = 0; round < 3; round++)
            {
                Assert.True(MachineOf(pair.Client).UpdateWriteKeys());
                Assert.True(MachineOf(pair.Server).UpdateWriteKeys());
                Exchange(pair);
                Assert.Equal(6, memory.Count);
            }

            // Keys that were not used yet are wiped too.
            Assert.True(MachineOf(pair.Client).UpdateWriteKeys());
            Assert.True(MachineOf(pair.Client).UpdateWriteKeys());
            Assert.Equal(6 + 1, memory.Count);
        });
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void A_session_has_one_prepared_cipher_for_each_direction_and_no_private_key_share(string protocol)
    {
        var provider = new TrackingProvider();
        var pair = Create(protocol, provider).Start().Run();
        Exchange(pair);
        Assert.Equal((4, 0), (provider.Ciphers, provider.Exchanges));
        if (protocol == "Tls13")
        {
            Assert.True(MachineOf(pair.Client).UpdateWriteKeys());
            Assert.True(MachineOf(pair.Server).UpdateWriteKeys());
            Exchange(pair);
            Assert.Equal(4, provider.Ciphers);
        }

        pair.Dispose();
        Assert.Equal(0, provider.Ciphers);
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void Every_end_of_a_session_wipes_all_keys(string protocol)
    {
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "test");
        AssertWiped(protocol, (end, now) => end.Engine.Close(now, end.Output));
        AssertWiped(protocol, (end, now) => end.Engine.Abort(error, now, end.Output));
        AssertWiped(protocol, (end, now) => end.Engine.ReadEnd(now, end.Output));
        AssertWiped(protocol, (end, now) => end.Engine.Tick(now + TimeSpan.FromDays(1), end.Output));
        AssertWiped(protocol, (end, now) => end.Deliver([0], now));
        AssertWiped(protocol, (end, _) => end.Dispose());
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void A_handshake_that_ends_at_any_transition_wipes_all_keys(string protocol)
    {
        var endsAt = 0;
        for (var isComplete = false; !isComplete; endsAt++)
        {
            Observe(memory =>
            {
                using (var pair = Create(protocol))
                {
                    var seen = 0;
                    pair.Observer = _ =>
                    {
                        if (seen++ == endsAt)
                            throw new TimeoutException();
                    };
                    pair.Start().Run();
                    isComplete = pair.IsEstablished;
                }

                Assert.Equal(0, memory.Count);
            });
        }

        Assert.True(endsAt > 8);
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_key_log_that_throws_at_any_line_leaves_no_key(Role role)
    {
        var throwsAt = 0;
        for (var isComplete = false; !isComplete; throwsAt++)
        {
            Observe(memory =>
            {
                var lines = 0;
                Action<string> log = _ =>
                {
                    if (lines++ == throwsAt)
                        throw new TimeoutException();
                };
                using (var pair = Tls13Ends.CreatePair(
                    role == Role.Client ? Tls13Ends.Client with { KeyLog = log } : null, role == Role.Server ? Tls13Ends.Server with { KeyLog = log } : null))
                    isComplete = pair.Start().Run().IsEstablished;
                Assert.Equal(0, memory.Count);
            });
        }

        Assert.Equal(6, throwsAt);
    }

    [Fact]
    public void A_provider_that_throws_at_any_derivation_leaves_no_key()
    {
        foreach (var protocol in new[] { "Tls13", "KeyTransport" })
        {
            var throwsAt = 0;
            for (var isComplete = false; !isComplete; throwsAt++)
            {
                Observe(memory =>
                {
                    var provider = new FailingProvider(throwsAt);
                    using (var pair = Create(protocol, provider))
                        isComplete = pair.Start().Run().IsEstablished;
                    Assert.Equal(0, memory.Count);
                });
            }

            Assert.True(throwsAt > 10);
        }
    }

    [Fact]
    public void Protected_handshake_messages_are_wiped_before_their_memory_is_returned()
    {
        Observe(memory =>
        {
            Establish("Tls13").Dispose();
            Assert.NotEqual(0, memory.Returned);
            Assert.Equal(0, memory.ReturnedCertificates);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_is_unwrapped_after_the_end_of_the_session_is_wiped(bool succeeds)
    {
        var unwrapper = new SlowUnwrapper(succeeds);
        using var identity = new CertificateIdentity(KeyTransportEnds.Identity.Certificate, unwrapper);
        using var pair = KeyTransportEnds.CreatePair(server: new ServerHandshakeParameters { Identity = identity }).Start();
        pair.Carry(Role.Client);
        pair.Carry(Role.Server);
        var flight = pair.Client.TakeOutput();
        while (pair.Server.Engine.Pending is null)
            flight = flight[pair.Server.Engine.Read(flight, pair.Now, pair.Server.Output).Consumed..];
        var running = pair.Server.Engine.Pending.RunAsync(TestContext.Current.CancellationToken);
        Assert.Contains(unwrapper.Key.ToArray(), value => value != 0);

        pair.Server.Engine.Dispose();
        Assert.DoesNotContain(unwrapper.Key.ToArray(), value => value != 0);
        unwrapper.Answer();
        if (succeeds)
            await running;
        else
            await Assert.ThrowsAsync<TimeoutException>(async () => await running);
        Assert.DoesNotContain(unwrapper.Key.ToArray(), value => value != 0);
    }

    private static void AssertWiped(string protocol, Action<EngineEnd, TimeSpan> end)
    {
        Observe(memory =>
        {
            using var pair = Establish(protocol);
            Assert.NotNull(pair.Client.Engine.Deadline);
            Exchange(pair);
            end(pair.Client, pair.Now);
            end(pair.Server, pair.Now);
            Assert.Equal(0, memory.Count);
        });
    }

    private static EnginePair Create(string protocol, CryptographyProvider? provider = null)
    {
        provider ??= CryptographyProvider.Platform;
        var idle = TimeSpan.FromMinutes(1);
        return protocol == "Tls13"
            ? Tls13Ends.CreatePair(Tls13Ends.Client with { Cryptography = provider, Session = new() { IdleTimeout = idle } }, Tls13Ends.Server with { Cryptography = provider })
            : KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { Cryptography = provider, Session = new() { IdleTimeout = idle } }, KeyTransportEnds.Server with { Cryptography = provider });
    }

    private static EnginePair Establish(string protocol)
    {
        var pair = Create(protocol).Start().Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Error} {pair.Server.Error}");
        return pair;
    }

    private static void Exchange(EnginePair pair)
    {
        pair.Write(Role.Client, 1);
        pair.Write(Role.Server, 2);
        pair.Run();
    }

    private static HandshakeMachine MachineOf(EngineEnd end) => (HandshakeMachine)typeof(ChannelEngine)
        .GetField("_machine", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(end.Engine)!;

    private static void Observe(Action<Memory> action)
    {
        // Values that are computed once in a process, such as decoys and the first stage of the key schedule.
        Establish("Tls13").Dispose();
        Establish("KeyTransport").Dispose();
        var memory = new Memory();
        SensitiveMemory.Observe(memory.Keys.Add, memory.Return, () => action(memory));
    }

    /// <summary>The keys that were allocated, and the arrays that were returned to the pool.</summary>
    private sealed class Memory
    {
        public List<byte[]> Keys { get; } = [];

        /// <summary>Gets the number of keys that are not wiped.</summary>
        public int Count => Keys.Count(key => key.AsSpan().ContainsAnyExcept((byte)0));

        public int Returned { get; private set; }

        public int ReturnedCertificates { get; private set; }

        public void Return(byte[] array)
        {
            Returned++;
            if (array.AsSpan().IndexOf(Certificate) >= 0)
                ReturnedCertificates++;
        }
    }

    /// <summary>An unwrapper that answers when the test says so, and then writes the key.</summary>
    private sealed class SlowUnwrapper(bool succeeds) : KeyUnwrapper
    {
        private readonly TaskCompletionSource _answer = new();

        public Memory<byte> Key { get; private set; }

        public void Answer() => _answer.SetResult();

        public override async ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default)
        {
            Key = key;
            await _answer.Task;
            key.Span.Fill(7);
            return succeeds ? true : throw new TimeoutException();
        }
    }

    /// <summary>A provider that counts the prepared ciphers and the key exchanges that are not disposed.</summary>
    private sealed class TrackingProvider : DelegatingProvider
    {
        public int Ciphers { get; set; }

        /// <summary>Gets or sets the number of key exchanges that are not disposed.</summary>
        public int Exchanges { get; set; }

        public override KeyExchange CreateKeyExchange(NamedGroup group)
        {
            Exchanges++;
            return new TrackedExchange(base.CreateKeyExchange(group), this);
        }

        public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
        {
            Ciphers++;
            return new TrackedAead(base.CreateAead(algorithm, key), this);
        }
    }

    private sealed class TrackedExchange(KeyExchange exchange, TrackingProvider provider) : KeyExchange(exchange.Group)
    {
        private bool _isDisposed;

        public override ReadOnlyMemory<byte> PublicKey => exchange.PublicKey;

        public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret) =>
            exchange.TryDecapsulate(peerShare, out secret);

        public override void Dispose()
        {
            exchange.Dispose();
            if (!_isDisposed)
                provider.Exchanges--;
            _isDisposed = true;
        }
    }

    private sealed class TrackedAead(Aead aead, TrackingProvider provider) : Aead
    {
        private bool _isDisposed;

        public override int NonceLength => aead.NonceLength;

        public override int TagLength => aead.TagLength;

        protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag) =>
            aead.Seal(nonce, plaintext, associatedData, ciphertextAndTag);

        protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext) =>
            aead.TryOpen(nonce, ciphertextAndTag, associatedData, plaintext);

        public override void Dispose()
        {
            aead.Dispose();
            if (!_isDisposed)
                provider.Ciphers--;
            _isDisposed = true;
        }
    }

    /// <summary>A provider whose n-th derivation fills its output and throws.</summary>
    private sealed class FailingProvider(int throwsAt) : DelegatingProvider
    {
        private int _calls;

        public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey)
        {
            base.HkdfExtract(function, salt, inputKeyingMaterial, pseudorandomKey);
            Count();
        }

        public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial)
        {
            base.HkdfExpand(function, pseudorandomKey, info, outputKeyingMaterial);
            Count();
        }

        public override void FillRandom(Span<byte> destination)
        {
            base.FillRandom(destination);
            if (destination.Length == KeyUnwrapper.KeyLength && _calls > 0)
                Count();
        }

        private void Count()
        {
            if (_calls++ == throwsAt)
                throw new TimeoutException();
        }
    }
}
