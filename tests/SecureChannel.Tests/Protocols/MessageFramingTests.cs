using System.Buffers;
using CsCheck;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class MessageFramingTests
{
    // RFC 9420 section 2.1.2: "the four-byte length value 0x9d7f3e7d decodes to 494878333; the two-byte length value 0x7bbd decodes to 15293; and the
    // single-byte length value 0x25 decodes to 37"
    [Theory]
    [InlineData("9d7f3e7d00", 494878333, 5)]
    [InlineData("7bbd00", 15293, 3)]
    [InlineData("2500", 37, 2)]
    public void Codes_are_variable_size_integers_of_RFC_9420(string bytes, int code, int size)
    {
        var status = MessageFraming.TryReadHeader(Convert.FromHexString(bytes), 0, out var header);

        Assert.Equal(FrameStatus.Complete, status);
        Assert.Equal(new FrameHeader(code, size, 0), header);
    }

    [Theory]
    [InlineData("4025")]
    [InlineData("80000025")]
    [InlineData("80003fff")]
    [InlineData("c0")]
    [InlineData("ff")]
    [InlineData("014001")]
    [InlineData("01c0")]
    public void An_integer_that_is_not_minimal_or_has_the_invalid_prefix_is_rejected(string bytes)
    {
        var assembler = new MessageAssembler();
        assembler.Append(Convert.FromHexString(bytes));

        Assert.Equal(FrameStatus.Refused, assembler.TryRead(out _));
        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (assembler.Error!.Kind, assembler.Error.Alert));
    }

    [Fact]
    public void A_length_above_the_limit_is_rejected_before_the_body_is_received()
    {
        var assembler = new MessageAssembler(maxMessageSize: 100);
        assembler.Append([1, 0x40, 101]);

        Assert.Equal(FrameStatus.Refused, assembler.TryRead(out _));
        Assert.Equal("A message of 101 bytes (code 1) was received; the limit is 100 bytes.", assembler.Error!.Message);
        assembler.Append(new byte[101]);
        Assert.Equal(FrameStatus.Refused, assembler.TryRead(out _));
    }

    [Fact]
    public void An_announced_length_allocates_no_memory()
    {
        var assembler = new MessageAssembler();
        assembler.Append([0]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        assembler.Append([0x80, 0x0F, 0xFF, 0xFF, 1, 2, 3]);
        Assert.Equal(FrameStatus.NeedMoreData, assembler.TryRead(out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public void Messages_split_anywhere_are_reassembled() => Gen.Select(
        Gen.Select(Gen.Int[0, MessageFraming.MaxValue], Gen.Byte.Array[0, 300]).Array[0, 20],
        Gen.Int[1, 70]).Sample((messages, piece) =>
        {
            var stream = new ArrayBufferWriter<byte>();
            foreach (var (code, body) in messages)
                stream.Write([.. Varint(code), .. Varint(body.Length), .. body]);

            var (assembler, read) = (new MessageAssembler(), new List<(int, byte[])>());
            for (var rest = stream.WrittenSpan; !rest.IsEmpty; rest = rest[Math.Min(piece, rest.Length)..])
            {
                assembler.Append(rest[..Math.Min(piece, rest.Length)]);
                while (assembler.TryRead(out var message) == FrameStatus.Complete)
                    read.Add((message.Code, message.Body.ToArray()));
            }

            return assembler.Error is null && assembler.Buffered == 0 && read.Count == messages.Length
                && read.Zip(messages).All(pair => pair.First.Item1 == pair.Second.Item1 && pair.First.Item2.AsSpan().SequenceEqual(pair.Second.Item2));
        });

    [Fact]
    public void A_message_is_written_as_code_length_and_body()
    {
        var output = new ArrayBufferWriter<byte>();

        MessageFraming.Write(output, new BalanceQuery(0x0102030405060708));

        Assert.Equal("04080102030405060708", Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var assembler = new MessageAssembler(50);
        assembler.Append(bytes);
        while (assembler.TryRead(out var message) == FrameStatus.Complete)
            Assert.InRange(message.Body.Length, 0, 50);
    });

    private static byte[] Varint(int value) => value switch
    {
        < 64 => [(byte)value],
        < 16384 => [(byte)(0x40 | (value >> 8)), (byte)value],
        _ => [(byte)(0x80 | (value >> 24)), (byte)(value >> 16), (byte)(value >> 8), (byte)value],
    };
}
