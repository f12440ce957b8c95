namespace SecureChannel.Handshakes;

/// <content>The handshake's machine: what it asks of the engine, and what it is given.</content>
public sealed partial class ChannelEngine
{
    private readonly HandshakeMachine _machine;
    private readonly HandshakeDeframer _deframer;
    private readonly PooledBuffer _flight = new();
    private bool _hasMessage;

    PooledBuffer IHandshakeHost.Flight => _flight;

    void IHandshakeHost.SkipEarlyData(int maxBytes) => _reader.SkipEarlyData(maxBytes);

    void IHandshakeHost.SendChangeCipherSpec()
    {
        if (_format.ChangeCipherSpec is not { } type)
            throw new InvalidOperationException("The handshake's records have no change cipher spec.");
        FlushFlight();
        _writer.Write(type, [1], _output!);
    }

    void IHandshakeHost.UseWriteKeys(TrafficKeys keys)
    {
        FlushFlight();
        _writer.UseKeys(keys);
    }

    SessionError? IHandshakeHost.UseReadKeys(TrafficKeys keys)
    {
        _reader.UseKeys(keys);

        // RFC 9846 section 5.1: "Handshake messages MUST NOT span key changes."
        return _deframer.HasRest ? Unexpected("A handshake message spans a change of keys (RFC 9846 section 5.1).") : null;
    }

    Action<HandshakeProgress>? IHandshakeHost.Observer => _observer;

    // What the machine did is judged, and the messages that have come are given to it.
    private void Proceed(TimeSpan now)
    {
        SessionError? error = null;
        while (_machine.Error is null && _machine.Pending is null && _deframer.TryTake(out var message, out error))
            _machine.Accept(message);
        if ((_machine.Error ?? error) is { } failure)
        {
            Fail(failure);
            return;
        }

        // What waits for a signature leaves with it, in one record.
        if (_machine.Pending is null)
            FlushFlight();
        if (Negotiated is null && _machine.Negotiated is { } negotiated)
        {
            _lastTraffic = now;
            Negotiated = negotiated;
            _recordsWithoutData = 0;
            Status = EngineStatus.Established;
        }

        // A message that an operation works on stays where it is.
        if (_machine.Pending is null)
            _deframer.ReleaseMemory();
        if (Negotiated is not null)
            _machine.LeaveHandshake();
    }

    private void FlushFlight()
    {
        if (_flight.Length == 0)
            return;
        _writer.Write(_format.Handshake, _flight.Written.Span, _output!);
        _flight.Clear();
    }
}
