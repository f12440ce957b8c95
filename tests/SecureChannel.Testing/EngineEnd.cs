using System.Buffers;
using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>An engine of a pair, with its unconsumed input, its received data and its output.</summary>
public sealed class EngineEnd(ChannelEngine engine) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private byte[] _input = [];

    public ChannelEngine Engine { get; } = engine;

    /// <summary>Gets the received application data.</summary>
    public List<byte> Received { get; } = [];

    public IBufferWriter<byte> Output => _output;

    public bool IsEstablished => Engine.Status == EngineStatus.Established;

    public SessionError? Error => Engine.End?.Error;

    /// <summary>Returns and clears the output.</summary>
    public byte[] TakeOutput()
    {
        var bytes = _output.WrittenSpan.ToArray();
        _output.ResetWrittenCount();
        return bytes;
    }

    /// <summary>Delivers bytes from the peer, and runs pending operations until the engine needs more input.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _input = [.. _input, .. bytes];
        while (Engine.Status != EngineStatus.Closed)
        {
            if (Engine.Pending is { } operation)
            {
                Run(operation, now);
                continue;
            }

            var result = Engine.Read(_input, now, _output);
            Received.AddRange(result.Content(_input));
            _input = _input[result.Consumed..];
            if (result.Consumed == 0 && Engine.Pending is null)
                return;
        }
    }

    public void Dispose() => Engine.Dispose();

    private void Run(PendingOperation operation, TimeSpan now)
    {
        try
        {
            operation.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        // Every exception of an operation ends the session.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Engine.FailPending(exception, now, _output);
            return;
        }

        Engine.Resume(now, _output);
    }
}
