using SecureChannel.Handshakes;

namespace SecureChannel.Tests.Tls13;

/// <summary>One endpoint of a handshake without records. Messages are exchanged in the clear, so that a test can send any message in any state.</summary>
internal sealed class MachineEnd(HandshakeMachine machine) : IDisposable
{
    private readonly PlainRecords _records = new(machine.Role);
    private readonly Queue<byte[]> _sent = new();

    public HandshakeMachine Machine => machine;

    /// <summary>Gets the sent messages that the test did not take yet.</summary>
    public Queue<byte[]> Sent
    {
        get
        {
            for (ReadOnlySpan<byte> rest = _records.Flight.Written.Span; !rest.IsEmpty; rest = rest[_sent.Last().Length..])
                _sent.Enqueue(rest[..(HandshakeFraming.HeaderLength + HandshakeFraming.ReadLength(rest))].ToArray());
            _records.Flight.Clear();
            return _sent;
        }
    }

    /// <summary>Gets the names of the sent messages, and the changes of keys: "ClientHello", "change_cipher_spec", "read keys", "write keys".</summary>
    public List<string> Events => _records.Events;

    public SessionError? Error => machine.Error;

    public string State => machine.StateName;

    /// <summary>Gets the method that replaces a pending operation. By default, the operation runs.</summary>
    public Action<PendingOperation> Run { get; init; } = operation => operation.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public MachineEnd Start()
    {
        machine.Start(_records, progress =>
        {
            if (progress.Sent)
                Events.Add(progress.Message);
        });
        RunPending();
        return this;
    }

    /// <summary>Passes a message with its header to the machine. Does nothing after an error.</summary>
    public void Accept(byte[] message)
    {
        if (Error is not null)
            return;
        machine.Receive(message);
        RunPending();
    }

    public void Dispose()
    {
        machine.Dispose();
        _records.Dispose();
    }

    private void RunPending()
    {
        while (machine.Pending is { } operation && Error is null)
        {
            Run(operation);
            machine.Resume();
        }
    }

    /// <summary>A record layer that leaves the messages in its flight and records the other calls.</summary>
    private sealed class PlainRecords(Role role) : RecordLayer(SessionSecurity.Tls13.Handshake!.Records, role)
    {
        public List<string> Events { get; } = [];

        public override void SendChangeCipherSpec(bool isDeferred) => Events.Add("change_cipher_spec");

        public override void SkipEarlyData(int maxBytes) => Events.Add(maxBytes == 0 ? "end early data" : "skip early data");

        public override void UseWriteKeys(TrafficKeys keys)
        {
            Events.Add("write keys");
            keys.Dispose();
        }

        public override SessionError? UseReadKeys(TrafficKeys keys)
        {
            Events.Add("read keys");
            keys.Dispose();
            return null;
        }
    }
}
