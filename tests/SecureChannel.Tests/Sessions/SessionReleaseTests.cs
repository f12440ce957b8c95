using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SecureChannel.Cryptography;
using SecureChannel.Testing;
using SecureChannel.Testing.Cryptography;

namespace SecureChannel.Tests.Sessions;

/// <summary>
/// Nothing stays behind when a session ends: timers, registrations on tokens, unobserved exceptions, keys and plaintext. The tests run alone, because they collect
/// the garbage of the whole process.
/// </summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class SessionReleaseTests
{
    private const string Marker = "an exception that nobody may lose";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Gets every handshake with every kind of end of the client's session.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> SecuritiesAndEnds =>
        from security in Combinations.Securities
        from end in (string[])["close", "disposal", "abort", "idle timeout", "failed read", "failed write", "truncation", "alert", "violation"]
        where security.Data != SessionSecurity.SslStream.Name || end != "alert"
        select new TheoryDataRow<string, string>(security.Data, end);

    [Theory]
    [MemberData(nameof(SecuritiesAndEnds))]
    public async Task A_session_that_has_ended_has_no_timer_and_is_registered_on_no_token(string security, string end)
    {
        var time = new ManualTimeProvider();
        using var source = new CancellationTokenSource();
        var session = await RunAsync(security, end, time, source.Token);
        // Leaves the stack of the method, which refers to the session.
        await Task.Yield();

        Assert.Equal(0, time.TimerCount);
        Assert.True(IsCollected(session));
        GC.KeepAlive(source);
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndEnds))]
    public async Task A_session_that_has_ended_has_no_keys(string security, string end)
    {
        if (security == SessionSecurity.SslStream.Name)
            return;
        var provider = new TrackingProvider();
        await using var pair = await EstablishAsync(security, new ManualTimeProvider(), provider);
        await pair.Client.SendAsync(new Note("a"), Cancellation);
        await pair.Server.SendAsync(new Note("b"), Cancellation);
        await pair.Client.ReceiveAsync(Cancellation);
        Assert.Equal(2, provider.Aeads.Count(aead => !aead.IsDisposed));
        await EndAsync(pair, end);

        Assert.True(SpinWait.SpinUntil(() => provider.Aeads.All(aead => aead.IsDisposed), SessionPair.Patience));
    }

    [Theory]
    [MemberData(nameof(SecuritiesAndEnds))]
    public async Task Received_plaintext_is_wiped_when_the_session_is_disposed(string security, string end)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        var bodies = new List<ReadOnlyMemory<byte>>();
        foreach (var size in (int[])[30, 3000, 300_000])
        {
            await pair.Server.SendAsync(new Blob(Enumerable.Repeat((byte)0xA5, size).ToArray()), Cancellation);
            bodies.Add((await pair.Client.ReceiveAsync(Cancellation))!.Value.Body);
        }
        await EndAsync(pair, end);
        await pair.CompleteAsync(pair.Client.DisposeAsync().AsTask());

        // The buffer of a pending read is released when the transport completes the read.
        Assert.True(SpinWait.SpinUntil(() => bodies.TrueForAll(body => body.Span.IndexOf((byte)0xA5) < 0), SessionPair.Patience));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task No_exception_is_unobserved_after_canceled_operations_and_disposal(string security)
    {
        var lost = new ConcurrentQueue<Exception>();
        void Add(object? sender, UnobservedTaskExceptionEventArgs e) => lost.Enqueue(e.Exception);
        TaskScheduler.UnobservedTaskException += Add;
        try
        {
            await FailAfterCancellationAsync(security, dispose: false);
            await FailAfterCancellationAsync(security, dispose: true);
            await FailTheHandshakeAsync(security);
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Add;
        }

        Assert.DoesNotContain(lost, exception => exception.ToString().Contains(Marker, StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> RunAsync(string security, string end, ManualTimeProvider time, CancellationToken token)
    {
        var pair = await EstablishAsync(security, time, token: token);
        for (var i = 0; i < 10; i++)
        {
            var receiving = pair.Client.ReceiveAsync(token).AsTask();
            await pair.Server.SendAsync(new Note("a"), token);
            await pair.Server.FlushAsync(token);
            await receiving.WaitAsync(SessionPair.Patience, Cancellation);
            await pair.Client.SendAsync(new Note("b"), token);
            await pair.Client.FlushAsync(token);
        }
        await EndAsync(pair, end, token);
        Assert.True(SpinWait.SpinUntil(() => time.TimerCount == 0, SessionPair.Patience));
        await pair.Server.DisposeAsync();
        return new WeakReference(pair.Client);
    }

    private static async Task<HostilePair> EstablishAsync(
        string security, ManualTimeProvider time, CryptographyProvider? provider = null, CancellationToken token = default)
    {
        var pair = HostilePair.Create(security, Idle, time: time, cryptography: provider);
        await Task.WhenAll(pair.Client.HandshakeAsync(token), pair.Server.HandshakeAsync(token)).WaitAsync(SessionPair.Patience, Cancellation);
        return pair;
    }

    // Ends the client's session. Only the end that is a disposal disposes it.
    private static async Task EndAsync(HostilePair pair, string end, CancellationToken token = default)
    {
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "enough");
        switch (end)
        {
            case "close":
                await pair.Client.CloseAsync(token);
                break;
            case "disposal":
                await pair.Client.DisposeAsync();
                break;
            case "abort":
                await pair.Client.AbortAsync(error);
                break;
            case "idle timeout":
                pair.Time.Advance(Idle);
                break;
            case "failed read":
                pair.Transport.Reads = TransportFault.Throws;
                await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.ReceiveAsync(token));
                break;
            case "failed write":
                pair.Transport.Writes = TransportFault.Throws;
                await pair.Client.SendAsync(new Note("lost"), token);
                pair.Time.Advance(TimeSpan.FromSeconds(1));
                break;
            case "truncation":
                pair.Connection.Cut();
                await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.ReceiveAsync(token));
                break;
            case "alert":
                await pair.Server.AbortAsync(error);
                await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.ReceiveAsync(token));
                break;
            default:
                await pair.Connection.ServerToClient.InjectAsync(new byte[100]);
                await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.ReceiveAsync(token));
                break;
        }
        await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailAfterCancellationAsync(string security, bool dispose)
    {
        var pair = await EstablishAsync(security, new ManualTimeProvider());
        pair.Transport.CreateException = () => new IOException(Marker);
        (pair.Transport.Reads, pair.Transport.Writes, pair.Transport.Disposal) = (TransportFault.Fails, TransportFault.Fails, TransportFault.Fails);
        using var source = new CancellationTokenSource();
        await pair.Client.SendAsync(new Note("lost"), Cancellation);
        var operations = (Task[])[pair.Client.ReceiveAsync(source.Token).AsTask(), pair.Client.FlushAsync(source.Token).AsTask(), pair.Client.CloseAsync(source.Token).AsTask()];
        await source.CancelAsync();
        foreach (var operation in operations)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
        if (dispose)
            await pair.CompleteAsync(pair.Client.DisposeAsync().AsTask());
        await pair.Transport.FailPendingAsync();
        pair.Time.Advance(TimeSpan.FromSeconds(2));
        await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Server.DisposeAsync();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailTheHandshakeAsync(string security)
    {
        var pair = HostilePair.Create(security, Idle);
        pair.Transport.CreateException = () => new IOException(Marker);
        pair.Transport.Reads = TransportFault.Fails;
        using var source = new CancellationTokenSource();
        var shaking = pair.Client.HandshakeAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        await pair.Transport.FailPendingAsync();
        await pair.Client.DisposeAsync();
        await pair.Server.DisposeAsync();
    }

    // Several collections are needed, because finalizers release memory.
    private static bool IsCollected(WeakReference reference)
    {
        for (var i = 0; i < 10 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return !reference.IsAlive;
    }

    /// <summary>A provider that remembers its keys.</summary>
    private sealed class TrackingProvider : DelegatingProvider
    {
        public ConcurrentBag<TrackedAead> Aeads { get; } = [];

        public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
        {
            var aead = new TrackedAead(base.CreateAead(algorithm, key));
            Aeads.Add(aead);
            return aead;
        }
    }

    private sealed class TrackedAead(Aead inner) : Aead
    {
        public bool IsDisposed { get; private set; }

        public override int NonceLength => inner.NonceLength;

        public override int TagLength => inner.TagLength;

        protected override void SealCore(
            ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag) =>
            inner.Seal(nonce, plaintext, associatedData, ciphertextAndTag);

        protected override bool TryOpenCore(
            ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext) =>
            inner.TryOpen(nonce, ciphertextAndTag, associatedData, plaintext);

        public override void Dispose()
        {
            IsDisposed = true;
            inner.Dispose();
        }
    }
}
