using System.Buffers;
using CsCheck;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class MessageFramerTests
{
    [Theory]
    [InlineData("4025")]
    [InlineData("80000025")]
    [InlineData("80003fff")]
    [InlineData("c0")]
    [InlineData("ff")]
    [InlineData("014001")]
    [InlineData("01c0")]
    public void An_integer_that_is_not_minimal_or_has_the_invalid_prefix_is_refused(string bytes)
    {
        var whole = Convert.FromHexString(bytes);
        foreach (var pieceSize in new[] { whole.Length, 1 })
        {
            var framer = new MessageFramer(1 << 20);

            var error = Refuse(framer, whole, pieceSize);

            Assert.Equal((SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError), (error.Kind, error.Code, error.Alert));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_length_above_the_limit_is_refused_before_the_body_is_received(int pieceSize)
    {
        var framer = new MessageFramer(maxMessageSize: 100);

        var error = Refuse(framer, [1, 0x40, 101], pieceSize);

        Assert.Equal((SessionErrorCode.MessageTooLarge, "A message of 101 bytes (code 1) was received; 'MaxMessageSize' is 100 bytes."), (error.Code, error.Message));
        framer.Supply(new byte[101]);
        Assert.False(framer.TryRead(out _));
        Assert.Equal(FrameStatus.Refused, framer.Read(out _, out var later));
        Assert.Same(error, later);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void An_unknown_code_is_refused_at_its_header(int pieceSize)
    {
        var framer = new MessageFramer(100) { Limits = new MessageLimits("bank/1", [(4, 8), (9000, 20)], [2]) };

        var error = Refuse(framer, [5, 60], pieceSize);

        Assert.Equal((SessionErrorKind.MalformedMessage, SessionErrorCode.UnknownMessage, AlertDescription.UnexpectedMessage), (error.Kind, error.Code, error.Alert));
        Assert.Equal("A message with code 5 was received, which bank/1 does not define.", error.Message);
    }

    [Fact]
    public void A_code_that_only_this_endpoint_sends_is_refused_at_its_header()
    {
        var framer = new MessageFramer(100) { Limits = new MessageLimits("bank/1", [(4, 8)], [2]) };

        var error = Refuse(framer, [2, 60], 1);

        Assert.Equal(
            new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage,
                "A message with code 2 was received, which only this endpoint may send in bank/1."),
            error);
    }

    [Theory]
    [InlineData(4, 9, "the limit of its type is 8 bytes")]
    [InlineData(9000, 21, "the limit of its type is 20 bytes")]
    [InlineData(6, 101, "'MaxMessageSize' is 100 bytes")]
    public void A_body_that_is_longer_than_its_type_allows_is_refused_at_its_header(int code, int size, string limit)
    {
        var framer = new MessageFramer(100) { Limits = new MessageLimits("bank/1", [(4, 8), (4, 2), (9000, 20), (6, int.MaxValue)], [2]) };

        var error = Refuse(framer, [.. Varint(code), .. Varint(size)], 1);

        Assert.Equal(
            (SessionErrorCode.MessageTooLarge, $"A message of {size} bytes (code {code}) was received; {limit}."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(9000, 20)]
    [InlineData(6, 63)]
    [InlineData(0, 0)]
    public void A_message_within_the_limits_is_read(int code, int size)
    {
        var limits = new MessageLimits("bank/1", [(4, 8), (9000, 20), (6, int.MaxValue), (0, 0)], [2]);
        foreach (var pieceSize in new[] { 100, 1 })
            Assert.Equal([(code, size)], ReadAll(new MessageFramer(100) { Limits = limits }, [.. Varint(code), .. Varint(size), .. new byte[size]], pieceSize).Select(m => (m.Code, m.Body.Length)));
    }

    [Fact]
    public void The_fast_path_does_not_read_a_message_outside_the_limits()
    {
        var framer = new MessageFramer(100);
        framer.Supply(new byte[] { 1, 0, 2, 0 });

        Assert.True(framer.TryRead(out _));
        framer.Limits = new MessageLimits("bank/1", [(1, 0)], [2]);
        Assert.False(framer.TryRead(out _));
    }

    [Fact]
    public void An_announced_length_allocates_no_memory()
    {
        var framer = new MessageFramer(1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        framer.Supply(new byte[] { 0, 0x80, 0x0F, 0xFF, 0xFF, 1, 2, 3 });
        Assert.Equal(FrameStatus.NeedMoreData, framer.Read(out _, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8192);
    }

    [Theory]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData(600_000, 600_000)]
    [InlineData(70_000, 1 << 20)]
    public void A_buffer_grows_with_the_received_bytes_and_never_far_beyond_the_limit(int size, int limit)
    {
        var buffer = new MessageBuffer(limit);
        for (var received = 0; received < size;)
        {
            var count = Math.Min(1000, size - received);
            buffer.Append(new byte[count], size);
            received += count;

            Assert.InRange(buffer.Capacity, received, Math.Min(Math.Max(4096, 2 * received), limit + MessageBuffer.Overhead));
        }

        buffer.Release();
        Assert.Equal(0, buffer.Capacity);
    }

    [Fact]
    public void An_assembled_message_is_wiped_by_the_next_read()
    {
        var framer = new MessageFramer(100);
        framer.Supply(new byte[] { 1, 3, 7 });
        Assert.Equal(FrameStatus.NeedMoreData, framer.Read(out _, out _));
        framer.Supply(new byte[] { 7, 7 });
        Assert.Equal(FrameStatus.Complete, framer.Read(out var message, out _));
        Assert.Equal([7, 7, 7], message.Body.ToArray());

        Assert.False(framer.TryRead(out _));
        Assert.Equal(FrameStatus.NeedMoreData, framer.Read(out _, out _));

        Assert.Equal([0, 0, 0], message.Body.ToArray());
    }

    [Fact]
    public void Bytes_are_within_a_message_until_the_message_is_complete()
    {
        var framer = new MessageFramer(100);
        foreach (var (received, expected) in new (byte[], bool)[] { ([], false), ([1], true), ([2], true), ([7], true), ([7], false) })
        {
            framer.Supply(received);
            framer.Read(out _, out _);

            Assert.Equal(expected, framer.IsWithinMessage);
        }
    }

    [Fact]
    public void Unread_bytes_can_be_read_as_a_stream()
    {
        var framer = new MessageFramer(100);
        framer.Supply(new byte[] { 1, 2, 3 });
        var buffer = new byte[2];

        Assert.Equal(2, framer.ReadBytes(buffer));
        Assert.Equal([1, 2], buffer);
        Assert.Equal([3], framer.Unread.ToArray());
        Assert.Equal(1, framer.ReadBytes(buffer));
        Assert.Equal(0, framer.ReadBytes(buffer));
    }

    [Fact]
    public void Messages_split_anywhere_are_reassembled() => Gen.Select(
        Gen.Select(Gen.Int[0, MessageFraming.MaxValue], Gen.Byte.Array[0, 300]).Array[0, 20],
        Gen.Int[1, 70],
        Gen.Bool).Sample((messages, pieceSize, isCustom) =>
        {
            var stream = new ArrayBufferWriter<byte>();
            foreach (var (code, body) in messages)
                stream.Write([.. Varint(code), .. Varint(body.Length), .. body]);
            var framer = new MessageFramer(300, isCustom ? new ForwardingFraming() : null);

            var read = ReadAll(framer, stream.WrittenMemory.ToArray(), pieceSize);

            return !framer.IsWithinMessage && framer.Unread.IsEmpty && read.Count == messages.Length
                && read.Zip(messages).All(pair => pair.First.Code == pair.Second.Item1 && pair.First.Body.AsSpan().SequenceEqual(pair.Second.Item2));
        });

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 70]).Sample((bytes, pieceSize) =>
        Assert.All(ReadAll(new MessageFramer(50), bytes, pieceSize), message => Assert.InRange(message.Body.Length, 0, 50)));

    private static SessionError Refuse(MessageFramer framer, byte[] bytes, int pieceSize)
    {
        var status = FrameStatus.NeedMoreData;
        SessionError? error = null;
        foreach (var piece in bytes.Chunk(pieceSize))
        {
            Assert.Equal(FrameStatus.NeedMoreData, status);
            framer.Supply(piece);
            Assert.False(framer.TryRead(out _));
            status = framer.Read(out _, out error);
        }

        Assert.Equal(FrameStatus.Refused, status);
        return error!;
    }

    private static List<(int Code, byte[] Body)> ReadAll(MessageFramer framer, byte[] bytes, int pieceSize)
    {
        var messages = new List<(int, byte[])>();
        foreach (var piece in bytes.Chunk(pieceSize))
        {
            framer.Supply(piece);
            while (framer.TryRead(out var message) || framer.Read(out message, out _) == FrameStatus.Complete)
                messages.Add((message.Code, message.Body.ToArray()));
        }

        return messages;
    }

    private static byte[] Varint(int value) => value switch
    {
        < 64 => [(byte)value],
        < 16384 => [(byte)(0x40 | (value >> 8)), (byte)value],
        _ => [(byte)(0x80 | (value >> 24)), (byte)(value >> 16), (byte)(value >> 8), (byte)value],
    };
}
