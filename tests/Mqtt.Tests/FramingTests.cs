using System.Buffers;
using Samples.Mqtt311;
using SecureChannel.Protocols;

namespace Mqtt.Tests;

/// <summary>The fixed header, with the examples of MQTT 3.1.1.</summary>
public sealed class FramingTests
{
    private readonly MqttFraming _framing = new();

    // Section 2.2.3, table 2.4: the bounds of each size of the remaining length.
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16383, "FF7F")]
    [InlineData(16384, "808001")]
    [InlineData(2097151, "FFFF7F")]
    [InlineData(2097152, "80808001")]
    public void Remaining_length_is_encoded_like_in_the_standard(int remaining, string expected)
    {
        byte[] packet = [0xD0, .. Convert.FromHexString(expected), .. new byte[remaining]];
        Assert.Equal(FrameStatus.Complete, _framing.TryRead(packet, int.MaxValue, out var consumed, out var message, out _));
        Assert.Equal((packet.Length, 0xD0, remaining), (consumed, message.Code, message.Body.Length));

        if (remaining < 3)
            return;
        var output = new ArrayBufferWriter<byte>();
        _framing.Write(output, new PublishAtMostOnce(PublishFlags.None, "a", new byte[remaining - 3]));
        Assert.Equal($"30{expected}", Convert.ToHexString(output.WrittenSpan[..(1 + expected.Length / 2)]));
        Assert.Equal(packet.Length, output.WrittenCount);
    }

    // Section 3.3.1 and figure 3.11: topic a/b and packet identifier 10. With QoS 1 and RETAIN, the first byte is 0x33.
    [Fact]
    public void Flags_of_a_publish_are_in_the_fixed_header()
    {
        var publish = new PublishAtLeastOnce(PublishFlags.Retain, "a/b", 10, new byte[] { 0xFF });
        var output = new ArrayBufferWriter<byte>();
        _framing.Write(output, publish);
        Assert.Equal("33" + "08" + "0003" + "612F62" + "000A" + "FF", Convert.ToHexString(output.WrittenSpan));

        Assert.Equal(FrameStatus.Complete, _framing.TryRead(output.WrittenSpan.ToArray(), 100, out _, out var message, out _));
        Assert.Equal(0x32, message.Code);
        Assert.Equal("01" + "0003" + "612F62" + "000A" + "FF", Convert.ToHexString(message.Body.Span));
    }

    [Fact]
    public void Incomplete_packet_needs_more_data()
    {
        var packet = Convert.FromHexString("32" + "8801" + "0003612F62000A" + new string('0', 2 * 129));
        for (var length = 0; length < packet.Length; length++)
            Assert.Equal(FrameStatus.NeedMoreData, _framing.TryRead(packet.AsMemory(0, length), 1000, out _, out _, out _));
        Assert.Equal(FrameStatus.Complete, _framing.TryRead(packet, 1000, out var consumed, out _, out _));
        Assert.Equal(packet.Length, consumed);
    }

    [Fact]
    public void Reading_random_bytes_does_not_throw()
    {
        var random = new Random(311);
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            var status = _framing.TryRead(bytes, 1000, out var consumed, out _, out var error);
            Assert.Equal(status == FrameStatus.Refused, error is not null);
            Assert.InRange(consumed, 0, bytes.Length);
        }
    }
}
