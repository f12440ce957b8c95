using System.Buffers;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class MessageFramingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_message_without_fields_is_written_whatever_length_was_expected(int expected)
    {
        for (var room = 0; room < 8; room++)
        {
            var destination = new byte[room];
            var lengthSize = expected;
            if (!MessageFraming.TryWrite(destination, new Goodbye(), 1, MessageFraming.MaxValue, ref lengthSize, out var size))
                Assert.True(room < 1 + expected);
            else
                Assert.Equal([6, 0], destination[..size]);
            Assert.Equal((1, 2), (lengthSize, size));
        }
    }

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

    [Fact]
    public void A_message_is_written_as_code_length_and_body()
    {
        var output = new ArrayBufferWriter<byte>();

        MessageFraming.Write(output, new BalanceQuery(0x0102030405060708));

        Assert.Equal("04080102030405060708", Convert.ToHexString(output.WrittenSpan));
    }
}
