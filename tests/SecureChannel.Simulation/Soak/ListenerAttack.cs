using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SecureChannel.Simulation;

/// <summary>
/// Attacks a listener over loopback addresses in real time, and measures how long a client from another address waits until it is served. Everything is in this
/// process.
/// </summary>
internal sealed class ListenerAttack(CommandLine options)
{
    private const int SilentConnections = 2000;
    private const int Addresses = 250;
    private const int ConnectionsPerSecond = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClientInterval = TimeSpan.FromMilliseconds(50);

    // The addresses of the attackers of each part, and that of the client.
    private static readonly IPAddress Flooder = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress Client = IPAddress.Parse("127.0.0.9");

    /// <summary>Measures the client without an attack, and during each attack.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> ExecuteAsync()
    {
        var oneAddress = new[] { IPAddress.Parse("127.0.0.2") };
        var manyAddresses = Enumerable.Range(0, Addresses).Select(i => new IPAddress([127, 1, 0, (byte)(1 + i)])).ToArray();
        var isServed = await MeasureAsync("no attack", [], floods: false);
        isServed &= await MeasureAsync(
            $"{SilentConnections} silent connections from one address, and {ConnectionsPerSecond} per second from another", oneAddress, floods: true);
        isServed &= await MeasureAsync(
            $"{SilentConnections} silent connections from {Addresses} addresses, and {ConnectionsPerSecond} per second from another",
            manyAddresses, floods: true);
        return isServed ? 0 : 1;
    }

    private async Task<bool> MeasureAsync(string name, IPAddress[] attackers, bool floods)
    {
        var security = options.UsesSslStream ? SessionSecurity.SslStream : SessionSecurity.Tls13;
        var reports = 0;
        var server = (ServerOptions)SoakCredentials.Create(Role.Server, security, idleTimeout: null);
        await using var listener = SecureListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), server with { HandshakeFailed = _ => Interlocked.Increment(ref reports) });
        var serving = ServeAsync(listener);
        using var stop = new CancellationTokenSource();
        var attack = new AttackingClients(listener.LocalEndPoint, stop.Token);
        var attacking = new List<Task>();
        for (var i = 0; attackers.Length > 0 && i < SilentConnections; i++)
            attacking.Add(attack.HoldAsync(attackers[i % attackers.Length]));
        if (floods)
            attacking.Add(attack.FloodAsync(Flooder, ConnectionsPerSecond));
        var (times, failures) = await MeasureClientAsync((IPEndPoint)listener.LocalEndPoint, security);
        await stop.CancelAsync();
        await Task.WhenAll(attacking);
        await listener.DisposeAsync();
        await serving;

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{security.Name}, {name}: {times.Count} clients served, {failures} failed; median {times[times.Count / 2].TotalMilliseconds:F1} ms, "
            + $"99 % {times[times.Count * 99 / 100].TotalMilliseconds:F1} ms, maximum {times[^1].TotalMilliseconds:F1} ms; "
            + $"{attack.Connections} connections of attackers, {reports} reports"));
        return failures == 0 && times[^1] < Limit;
    }

    private async Task<(List<TimeSpan> Times, int Failures)> MeasureClientAsync(IPEndPoint endPoint, SessionSecurity security)
    {
        var client = (ClientOptions)SoakCredentials.Create(Role.Client, security, idleTimeout: null);
        var (times, failures, clock) = (new List<TimeSpan>(), 0, Stopwatch.StartNew());
        while (clock.Elapsed < TimeSpan.FromSeconds(options.AttackSeconds))
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(Client, 0));
                await socket.ConnectAsync(endPoint);
                await using var session = SecureSession.Create(socket, client);
                await session.HandshakeAsync();
                var stream = session.AsStream();
                await stream.ReadExactlyAsync(new byte[1]);
                times.Add(Stopwatch.GetElapsedTime(start));
                await session.CloseAsync();
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                failures++;
                Console.WriteLine($"a client failed: {e.Message}");
            }
            await Task.Delay(ClientInterval);
        }
        return (times, failures);
    }

    private static async Task ServeAsync(SecureListener listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (ObjectDisposedException)
        {
            // The measurement is complete.
        }
    }

    private static async Task ServeAsync(SecureSession session)
    {
        await using (session)
        {
            try
            {
                var stream = session.AsStream();
                await stream.WriteAsync(new byte[1]);
                await stream.FlushAsync();
                await stream.CopyToAsync(Stream.Null);
                await session.CloseAsync();
            }
            catch (IOException)
            {
                // The client has reported the failure.
            }
        }
    }
}
