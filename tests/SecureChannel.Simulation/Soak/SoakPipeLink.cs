using System.Buffers;
using System.IO.Pipelines;

namespace SecureChannel.Simulation;

/// <summary>A connection in memory: each endpoint has a duplex pipe, and a relay for each direction transports the bytes.</summary>
internal sealed class SoakPipeLink : SoakLink
{
    private readonly Side _client = new();
    private readonly Side _server = new();
    private readonly Relay _toServer;
    private readonly Relay _toClient;

    public SoakPipeLink(SoakPlan plan)
    {
        _toServer = new Relay(_client.Outgoing.Reader, _server.Incoming.Writer, plan, new Dice(plan.Seed ^ 1));
        _toClient = new Relay(_server.Outgoing.Reader, _client.Incoming.Writer, plan, new Dice(plan.Seed ^ 2));
    }

    public override SecureSession CreateSession(Role role, SecureSessionOptions options) =>
        SecureSession.Create(role == Role.Client ? _client : _server, options);

    public override void Reset(Role role)
    {
        _toServer.Stop(new IOException("The relay resets the connection."));
        _toClient.Stop(new IOException("The relay resets the connection."));
    }

    public override void Cut(Role role) => (role == Role.Client ? _toServer : _toClient).Stop(null);

    public override void Silence()
    {
        _toServer.Silence();
        _toClient.Silence();
    }

    public override async Task<bool> WaitForCloseAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(_toServer.Running, _toClient.Running).WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed class Side : IDuplexPipe
    {
        private static readonly PipeOptions Options = new(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10, useSynchronizationContext: false);

        public Pipe Incoming { get; } = new(Options);

        public Pipe Outgoing { get; } = new(Options);

        PipeReader IDuplexPipe.Input => Incoming.Reader;

        PipeWriter IDuplexPipe.Output => Outgoing.Writer;
    }

    /// <summary>Copies one direction in parts of random sizes, with pauses.</summary>
    private sealed class Relay
    {
        private static readonly TimeSpan MaxStall = TimeSpan.FromMilliseconds(100);

        private readonly PipeReader _reader;
        private readonly PipeWriter _writer;
        private readonly SoakPlan _plan;
        private readonly Dice _dice;
        private volatile bool _isStopped;
        private volatile bool _isSilent;
        private Exception? _error;

        public Relay(PipeReader reader, PipeWriter writer, SoakPlan plan, Dice dice)
        {
            (_reader, _writer, _plan, _dice) = (reader, writer, plan, dice);
            Running = RunAsync();
        }

        public Task Running { get; }

        public void Silence() => _isSilent = true;

        public void Stop(Exception? error)
        {
            _error = error;
            _isStopped = true;
            _reader.CancelPendingRead();
            _writer.CancelPendingFlush();
        }

        private async Task RunAsync()
        {
            try
            {
                while (!_isStopped && await CopyAsync())
                {
                    // The next part.
                }
            }
            catch (Exception e)
            {
                _error ??= e;
            }
            await _reader.CompleteAsync();
            // A silent connection also loses the end. Its receiver must notice by itself.
            while (_isSilent && !(await _writer.FlushAsync()).IsCompleted)
                await Task.Delay(SoakPair.PollInterval);
            await _writer.CompleteAsync(_error);
        }

        private async Task<bool> CopyAsync()
        {
            var result = await _reader.ReadAsync();
            if (_isSilent)
            {
                _reader.AdvanceTo(result.Buffer.End);
                return !result.IsCompleted;
            }
            if (_dice.Chance(_plan.StallPercent))
                await Task.Delay(_dice.Duration(MaxStall));
            var size = (int)Math.Min(result.Buffer.Length, 1 + _dice.Logarithmic(64 << 10));
            var part = result.Buffer.Slice(0, size);
            part.CopyTo(_writer.GetSpan(Math.Max(1, size)));
            _writer.Advance(size);
            var isEnd = result.IsCompleted && size == result.Buffer.Length;
            _reader.AdvanceTo(part.End);
            var flushed = await _writer.FlushAsync();
            return !isEnd && !flushed.IsCompleted;
        }
    }
}
