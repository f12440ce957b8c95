using System.Net;
using System.Text;
using System.Threading.Channels;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;

namespace SecureChannel.Interop.Tests;

/// <summary>The endpoints of this library.</summary>
internal static class Endpoints
{
    /// <summary>The maximum time that a test waits for something that must happen.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Gets the suites and groups that every peer supports: <see cref="HybridInteropTests"/> has the hybrid group.</summary>
    public static IEnumerable<(CipherSuite Suite, NamedGroup Group)> Combinations =>
        from suite in SodiumProvider.Instance.CipherSuites from @group in SodiumProvider.Instance.Groups where !@group.IsHybrid select (suite, @group);

    public static ClientOptions Client(
        InteropFolder folder,
        IReadOnlyList<CipherSuite>? suites = null,
        IReadOnlyList<NamedGroup>? groups = null,
        string[]? protocols = null,
        TrustPolicy? trust = null,
        Action<HandshakeProgress>? observer = null,
        IReadOnlyList<NamedGroup>? shares = null) => new()
    {
        Trust = trust ?? folder.Trust,
        ServerName = InteropFolder.ServerName,
        Security = SessionSecurity.Tls13,
        Cryptography = SodiumProvider.Instance,
        CipherSuites = suites ?? [],
        Groups = groups ?? [],
        InitialKeyShares = shares ?? [],
        ApplicationProtocols = protocols ?? [],
        HandshakeObserver = observer,
        AllowHalfClose = true,
        IdleTimeout = null,
        HandshakeTimeout = TimeSpan.FromSeconds(60),
    };

    public static async Task<SecureSession> ConnectAsync(int port, ClientOptions options) =>
        await SecureSession.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), options).WaitAsync(Timeout);

    /// <summary>Sends a text, closes the direction and reads to the end.</summary>
    public static async Task<string> ExchangeAsync(SecureSession session, string text, bool completeWrites = true)
    {
        var stream = session.AsStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await stream.FlushAsync();
        if (completeWrites)
            await session.CompleteWritesAsync();
        using var received = new MemoryStream();
        await stream.CopyToAsync(received).WaitAsync(Timeout);
        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>Reads a number of bytes.</summary>
    public static async Task<string> ReadAsync(SecureSession session, int length)
    {
        var bytes = new byte[length];
        await session.AsStream().ReadExactlyAsync(bytes).AsTask().WaitAsync(Timeout);
        return Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>The session of a client, as the server recorded it.</summary>
internal sealed record ServedSession(NegotiatedSession? Negotiated, string Received, SessionError? Error, string[] Messages, PeerIdentity? Client = null);

/// <summary>A server of this library in this process. It echoes the received data, or answers a GET with a page, and records each session.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly SecureListener _listener;
    private readonly Channel<ServedSession> _served = Channel.CreateUnbounded<ServedSession>();
    private readonly List<string> _messages = [];
    private readonly Task _serving;

    public EchoServer(CertificateIdentity identity, IReadOnlyList<CipherSuite>? suites = null, IReadOnlyList<NamedGroup>? groups = null, string[]? protocols = null, TrustPolicy? clientTrust = null)
    {
        _listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions
        {
            Identity = identity,
            ClientAuthentication = clientTrust is null ? ClientAuthenticationMode.None : ClientAuthenticationMode.Require,
            ClientTrust = clientTrust,
            Security = SessionSecurity.Tls13,
            Cryptography = SodiumProvider.Instance,
            CipherSuites = suites ?? [],
            Groups = groups ?? [],
            ApplicationProtocols = protocols ?? [],
            AllowHalfClose = true,
            IdleTimeout = null,
            HandshakeTimeout = TimeSpan.FromSeconds(60),
            HandshakeObserver = progress =>
            {
                lock (_messages)
                    _messages.Add(progress.Message);
            },
            HandshakeFailed = failure => _served.Writer.TryWrite(new ServedSession(null, "", failure.Error, TakeMessages())),
        });
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint).Port;

    /// <summary>Waits for the next session to end.</summary>
    public async Task<ServedSession> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _served.Reader.ReadAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await using var session = await _listener.AcceptAsync();
                var received = await AnswerAsync(session);
                _served.Writer.TryWrite(new ServedSession(session.Negotiated, received, session.End?.Error, TakeMessages(), session.PeerIdentity));
            }
        }
        catch (ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private static async Task<string> AnswerAsync(SecureSession session)
    {
        var received = new StringBuilder();
        try
        {
            var (stream, buffer) = (session.AsStream(), new byte[64 * 1024]);
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (!received.ToString().StartsWith("GET ", StringComparison.Ordinal))
                {
                    await stream.WriteAsync(buffer.AsMemory(0, count));
                    await stream.FlushAsync();
                }
                else if (received.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n{session.Negotiated!.CipherSuite?.Name}\n"));
                    break;
                }
            }

            await session.CloseAsync();
        }
        catch (IOException)
        {
            // The end of the session has the reason.
        }

        return received.ToString();
    }

    private string[] TakeMessages()
    {
        lock (_messages)
        {
            string[] messages = [.. _messages];
            _messages.Clear();
            return messages;
        }
    }
}
