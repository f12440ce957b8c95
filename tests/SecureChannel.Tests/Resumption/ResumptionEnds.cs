using System.Buffers;
using System.Collections.Immutable;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Resumption;

/// <summary>A client with a cache and a server with rotating keys, under one virtual clock.</summary>
internal sealed class ResumptionEnds : IDisposable
{
    public ResumptionEnds()
    {
        Client = Tls13Ends.Client with { SessionCache = Cache, TimeProvider = Time };
        Server = Tls13Ends.Server with { Tickets = new RotatingTicketKeys(Time), TimeProvider = Time };
    }

    public ManualTimeProvider Time { get; } = new();

    public ClientSessionCache Cache { get; } = new();

    public ClientHandshakeParameters Client { get; set; }

    public ServerHandshakeParameters Server { get; set; }

    /// <summary>Creates a pair that has not started.</summary>
    public EnginePair CreatePair() => Tls13Ends.CreatePair(Client, Server);

    /// <summary>Performs a handshake, and delivers the tickets.</summary>
    public EnginePair Connect()
    {
        var pair = Attempt();
        Assert.True(pair.IsEstablished, $"{pair.Client.Error} / {pair.Server.Error}");
        return pair;
    }

    /// <summary>Performs a handshake, which may fail.</summary>
    public EnginePair Attempt() => CreatePair().Start().Run();

    /// <summary>Returns the first ClientHello of a client that does not connect.</summary>
    public (ClientHello Hello, ImmutableArray<ClientHelloExtension> Extensions) Hello()
    {
        using var pair = CreatePair();
        pair.Start();
        Assert.True(WireSerializer.TryRead<ClientHello>(pair.Client.TakeOutput().AsSpan(9), out var hello, out var error), error.ToString());
        Assert.True(WireSerializer.TryRead<ClientHelloExtensions>(hello.Extensions.Span, out var extensions, out error), error.ToString());
        return (hello, extensions.Items);
    }

    public void Dispose() => Cache.Clear();
}

/// <summary>A protector whose tickets are numbers of stored states.</summary>
internal sealed class StoringProtector : TicketProtector
{
    private readonly Dictionary<byte, byte[]> _states = [];
    private byte _next;

    public int Count => _states.Count;

    public IEnumerable<byte[]> States => _states.Values;

    public void Clear() => _states.Clear();

    public override void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        _states[++_next] = ticket.ToArray();
        output.Write([_next]);
    }

    public override bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        if (!_states.TryGetValue(ticket[0], out var state))
            return false;
        output.Write(state);
        return true;
    }
}
