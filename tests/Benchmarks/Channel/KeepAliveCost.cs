using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Measures idle sessions over TCP, with and without a ping each second. Each row has a process of its own, with both endpoints.</summary>
internal static class KeepAliveCost
{
    private const int DefaultSessions = 5000;
    private const int FirstSessions = 100;
    private const string ServerName = "bench.example";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["of", var provider, var pings, var sessions])
            return await MeasureAsync(provider, pings == "pings", int.Parse(sessions, CultureInfo.InvariantCulture)).ConfigureAwait(false);
        var count = arguments is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : DefaultSessions;
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {count} idle sessions over TCP | KB per endpoint, resident | KB per endpoint, managed | round trips per second | processor "
            + $"| us per round trip | bytes allocated per round trip |"));
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var name in (string[])["libsodium", ".NET"])
        {
            foreach (var mode in (string[])["silent", "pings"])
                OwnProcess.Run("keep-alive", "of", name, mode, count.ToString(CultureInfo.InvariantCulture));
        }
        return 0;
    }

    private static async Task<int> MeasureAsync(string provider, bool sendsPings, int count)
    {
        CryptographyProvider cryptography = provider == "libsodium" ? SodiumProvider.Instance : CryptographyProvider.Platform;
        using var authority = DevelopmentAuthority.Create("Benchmark authority");
        using var identity = authority.IssueServer(ServerName);
        TimeSpan? interval = sendsPings ? Interval : null;
        var server = new ServerOptions { Cryptography = cryptography, Identity = identity, IdleTimeout = null, KeepAliveInterval = interval };
        var client = new ClientOptions
        {
            Cryptography = cryptography,
            Trust = TrustPolicy.FromAuthorities(authority.Certificate),
            ServerName = ServerName,
            IdleTimeout = null,
            KeepAliveInterval = interval,
        };

        var sessions = new List<SecureSession>();
        var received = new RecordCount();
        await ConnectAsync(client, server, sessions, FirstSessions, received).ConfigureAwait(false);
        await WaitAsync(Settling).ConfigureAwait(false);
        var (resident, managed) = IdleMemory.Measure();
        await ConnectAsync(client, server, sessions, FirstSessions + count, received: null).ConfigureAwait(false);
        await WaitAsync(Settling).ConfigureAwait(false);
        var (residentAfter, managedAfter) = IdleMemory.Measure();

        // The sessions that count their records are a hundred of all, and represent them.
        var (records, processor, allocated, start) =
            (received.Value, Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await WaitAsync(Duration).ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = Environment.CpuUsage.TotalTime - processor;
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        // A ping and its answer are two records.
        var pings = (received.Value - records) / 2.0 / FirstSessions * (FirstSessions + count);
        if (sessions.Find(session => session.End is not null)?.End is { } end)
            throw new InvalidOperationException($"A session ended: {end}");

        var each = pings == 0 ? "- | -" : string.Create(CultureInfo.InvariantCulture, $"{used.TotalMicroseconds / pings:F1} | {bytes / pings:F1}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {provider}{(sendsPings ? ", a ping each second" : "")} | {(residentAfter - resident) / 1024.0 / count / 2:F1} "
            + $"| {(managedAfter - managed) / 1024.0 / count / 2:F1} | {pings / seconds:F0} | {used.TotalSeconds / seconds:P1} | {each} |"));
        return 0;
    }

    private static async Task WaitAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
    }

    // Sessions that count their records run over streams.
    private static async Task ConnectAsync(ClientOptions client, ServerOptions server, List<SecureSession> sessions, int pairs, RecordCount? received)
    {
        while (sessions.Count < 2 * pairs)
        {
            var (near, far) = await TcpLink.CreateSocketsAsync().ConfigureAwait(false);
            var (clientEnd, serverEnd) = received is null
                ? (SecureSession.Create(near, client), SecureSession.Create(far, server))
                : (SecureSession.Create(new CountingStream(near, received), client), SecureSession.Create(new CountingStream(far, received), server));
            await Task.WhenAll(serverEnd.HandshakeAsync(), clientEnd.HandshakeAsync()).ConfigureAwait(false);
            foreach (var session in (SecureSession[])[clientEnd, serverEnd])
            {
                _ = session.ReceiveAsync().AsTask();
                sessions.Add(session);
            }
        }
    }

    private sealed class RecordCount
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }

    /// <summary>A stream over a socket that counts its writes. Each ping, and each answer, is one write.</summary>
    private sealed class CountingStream(Socket socket, RecordCount written) : NetworkStream(socket, ownsSocket: true)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            written.Add();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
