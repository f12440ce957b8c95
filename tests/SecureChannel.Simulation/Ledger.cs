using System.Buffers;

namespace SecureChannel.Simulation;

/// <summary>The state of a send, as the session reported it to the sender.</summary>
internal enum SendStatus
{
    /// <summary>The send has not completed.</summary>
    Pending,

    /// <summary>The send completed: the session accepted the data.</summary>
    Accepted,

    /// <summary>The send was reported as not sent.</summary>
    NotSent,

    /// <summary>The session ended during the send. Any part of the data may have been sent.</summary>
    Failed,
}

/// <summary>A send of bytes or of a message.</summary>
internal sealed class Send(int number, int size)
{
    public int Number => number;

    public int Size => size;

    public SendStatus Status { get; set; }

    public override string ToString() => $"send {number} of {size} bytes ({Status})";
}

/// <summary>All that one end sent, and all that the other end received. It compares them without knowledge of the implementation.</summary>
internal sealed class Ledger(Role sender, bool isStream)
{
    private readonly List<Send> _sends = [];
    private readonly List<(int Number, bool IsIntact)> _messages = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Gets or sets a value that indicates whether the last message of a typed protocol was received.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Gets the number of received bytes of a stream, or of received messages.</summary>
    public long Received => isStream ? _bytes.WrittenCount : _messages.Count;

    /// <summary>Gets the sum of accepted bytes of a stream, or the number of accepted messages.</summary>
    public long Accepted => _sends.Where(send => send.Status == SendStatus.Accepted).Sum(send => isStream ? send.Size : 1L);

    public Send BeginSend(int size)
    {
        var send = new Send(_sends.Count, size);
        _sends.Add(send);
        return send;
    }

    public void Receive(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Receive(int number, ReadOnlySpan<byte> payload) =>
        _messages.Add((number, number >= 0 && number < _sends.Count && payload.SequenceEqual(Content.Of(sender, number, _sends[number].Size).Span)));

    /// <summary>Finds the first difference between the received data and a prefix of the submitted data, less sends that were reported as not sent.</summary>
    /// <returns>The difference, or null.</returns>
    public string? FindDifference() => isStream ? FindByteDifference() : FindMessageDifference();

    /// <summary>Finds the first accepted send that was not received in whole.</summary>
    /// <returns>The send, or null.</returns>
    public Send? FindMissing()
    {
        if (!isStream)
            return _sends.Find(send => send.Status == SendStatus.Accepted && !_messages.Exists(message => message.Number == send.Number));
        var received = Received;
        foreach (var send in _sends.Where(send => send.Status != SendStatus.NotSent))
        {
            received -= send.Size;
            if (received < 0 && send.Status == SendStatus.Accepted)
                return send;
        }
        return null;
    }

    public override string ToString() =>
        $"{Received} received, {Accepted} accepted, {_sends.Count(send => send.Status == SendStatus.NotSent)} sends not sent, "
        + $"{_sends.Count(send => send.Status is SendStatus.Failed or SendStatus.Pending)} failed or pending";

    private string? FindByteDifference()
    {
        var received = _bytes.WrittenSpan;
        foreach (var send in _sends.Where(send => send.Status != SendStatus.NotSent))
        {
            var expected = Content.Of(sender, send.Number, send.Size).Span;
            expected = expected[..Math.Min(expected.Length, received.Length)];
            var common = received.CommonPrefixLength(expected);
            if (common < expected.Length)
                return $"byte {_bytes.WrittenCount - received.Length + common} differs at offset {common} of {send}";
            received = received[expected.Length..];
        }
        return received.IsEmpty ? null : $"{received.Length} bytes were received that were not sent";
    }

    private string? FindMessageDifference()
    {
        var next = 0;
        foreach (var (number, isIntact) in _messages)
        {
            // A handler's push that was dropped is neither accepted nor reported.
            while (next < number && next < _sends.Count && _sends[next].Status != SendStatus.Accepted)
                next++;
            if (next != number || next >= _sends.Count)
                return $"message {number} was received instead of message {next}";
            if (_sends[next].Status == SendStatus.NotSent)
                return $"message {number} was received, but was reported as not sent";
            if (!isIntact)
                return $"message {number} was changed: {_sends[next]}";
            next++;
        }
        return null;
    }
}
