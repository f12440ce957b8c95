using SecureChannel.Handshakes;

namespace SecureChannel.Tests.Tls13;

/// <summary>One end of a handshake without records: messages go in and come out in the clear, so that a test can say anything in any state.</summary>
internal sealed class MachineEnd(HandshakeMachine machine) : IHandshakeHost, IDisposable
{
    private readonly PooledBuffer _flight = new();
    private readonly Queue<byte[]> _sent = new();

    public HandshakeMachine Machine => machine;

    /// <summary>The messages that it sent and nobody took.</summary>
    public Queue<byte[]> Sent
    {
        get
        {
            for (ReadOnlySpan<byte> rest = _flight.Written.Span; !rest.IsEmpty; rest = rest[_sent.Last().Length..])
                _sent.Enqueue(rest[..(HandshakeFraming.HeaderLength + HandshakeFraming.ReadLength(rest))].ToArray());
            _flight.Clear();
            return _sent;
        }
    }

    /// <summary>What it sent, and when keys changed: "ClientHello", "change_cipher_spec", "read keys", "write keys".</summary>
    public List<string> Events { get; } = [];

    public SessionError? Error => machine.Error;

    public string State => machine.StateName;

    /// <summary>Done in place of what is pending; by default that is run.</summary>
    public Action<PendingOperation> Run { get; init; } = operation => operation.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public MachineEnd Start()
    {
        machine.Start(this);
        RunPending();
        return this;
    }

    /// <summary>Hands over a message with its header; nothing after an error.</summary>
    public void Accept(byte[] message)
    {
        if (Error is not null)
            return;
        machine.Accept(message);
        RunPending();
    }

    public void Dispose()
    {
        machine.Dispose();
        _flight.Dispose();
    }

    PooledBuffer IHandshakeHost.Flight => _flight;

    void IHandshakeHost.SendChangeCipherSpec() => Events.Add("change_cipher_spec");

    void IHandshakeHost.UseWriteKeys(TrafficKeys keys)
    {
        Events.Add("write keys");
        keys.Dispose();
    }

    void IHandshakeHost.SkipEarlyData(int maxBytes) => Events.Add("skip early data");

    SessionError? IHandshakeHost.UseReadKeys(TrafficKeys keys)
    {
        Events.Add("read keys");
        keys.Dispose();
        return null;
    }

    Action<HandshakeProgress>? IHandshakeHost.Observer => step =>
    {
        if (step.Sent)
            Events.Add(step.Message);
    };

    private void RunPending()
    {
        while (machine.Pending is { } operation && Error is null)
        {
            Run(operation);
            machine.Resume();
        }
    }
}
