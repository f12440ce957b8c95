using System.Buffers;
using Samples.Mqtt311;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace Mqtt.Tests;

/// <summary>The bytes of the packets, with the figures of MQTT 3.1.1.</summary>
public sealed class PacketTests
{
    // Section 3.1.2, figures 3.2 to 3.6.
    [Fact]
    public void Connect_has_the_fields_that_its_flags_announce()
    {
        AssertBytes(new Connect(new ConnectOptions("a") { KeepAlive = 10 }), "10" + "0D" + "00044D515454" + "04" + "02" + "000A" + "000161");
        AssertBytes(
            new Connect(new ConnectOptions("a")
            {
                CleanSession = false,
                Will = new Will("w", "x"u8.ToArray(), QualityOfService.AtLeastOnce, IsRetained: true),
                UserName = "u",
                Password = "p"u8.ToArray(),
            }),
            "10" + "19" + "00044D515454" + "04" + "EC" + "0000" + "000161" + "000177" + "000178" + "000175" + "000170");
    }

    [Fact]
    public void Connect_is_read_like_it_was_written()
    {
        var will = new Will("w", new byte[] { 1 }, QualityOfService.ExactlyOnce);
        var written = WireSerializer.ToArray(new Connect(new ConnectOptions("id") { Will = will, UserName = "name", Password = new byte[] { 2 } }));
        Assert.True(WireSerializer.TryRead<Connect>(written, out var connect, out var error), error.ToString());
        var options = Assert.IsType<ConnectOptions>(connect.Content);
        Assert.Equal(("id", true, "name"), (options.ClientId, options.CleanSession, options.UserName));
        Assert.Equal(("w", QualityOfService.ExactlyOnce, false), (options.Will!.Topic, options.Will.QualityOfService, options.Will.IsRetained));
        Assert.Equal([2], options.Password!.Value.ToArray());
        Assert.Equal([1], options.Will.Payload.ToArray());
    }

    [Fact]
    public void Connect_of_another_version_is_preserved()
    {
        var body = Convert.FromHexString("00044D515454" + "05" + "02" + "003C" + "05" + "1100000000" + "000161");
        Assert.True(WireSerializer.TryRead<Connect>(body, out var connect, out _));
        Assert.Equal(5, Assert.IsType<UnsupportedConnect>(connect.Content).Level);
        Assert.Equal(body, WireSerializer.ToArray(connect));
    }

    // The figures in sections 3.2 to 3.14.
    [Fact]
    public void Other_packets_have_the_bytes_of_the_standard()
    {
        AssertBytes(new ConnectAcknowledge(true, ConnectReturnCode.Accepted), "20020100");
        AssertBytes(new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.NotAuthorized)), "20020005");
        AssertBytes(new PublishAtMostOnce(PublishFlags.Retain, "a/b", new byte[] { 1 }), "3106" + "0003612F62" + "01");
        AssertBytes(new PublishExactlyOnce(PublishFlags.Duplicate, "a/b", 10, default), "3C07" + "0003612F62" + "000A");
        AssertBytes(new PublishAcknowledge(10), "4002000A");
        AssertBytes(new PublishReceived(10), "5002000A");
        AssertBytes(new PublishRelease(10), "6202000A");
        AssertBytes(new PublishComplete(10), "7002000A");
        AssertBytes(
            new Subscribe(10, [new("a/b", QualityOfService.AtLeastOnce), new("c/d", QualityOfService.ExactlyOnce)]),
            "820E" + "000A" + "0003612F62" + "01" + "0003632F64" + "02");
        AssertBytes(
            new SubscribeAcknowledge(10, [new(SubscribeReturnCode.AtMostOnce), new(SubscribeReturnCode.ExactlyOnce), new(SubscribeReturnCode.Failure)]),
            "9005" + "000A" + "000280");
        AssertBytes(new Unsubscribe(10, [new("a/b"), new("c/d")]), "A20C" + "000A" + "0003612F62" + "0003632F64");
        AssertBytes(new UnsubscribeAcknowledge(10), "B002000A");
        AssertBytes(new PingRequest(), "C000");
        AssertBytes(new PingResponse(), "D000");
        AssertBytes(new Disconnect(), "E000");
    }

    [Fact]
    public void Writing_an_invalid_packet_throws()
    {
        AssertThrows(() => WireSerializer.ToArray(new PublishAcknowledge(0)), "section 2.3.1");
        AssertThrows(() => WireSerializer.ToArray(new PublishAtMostOnce(PublishFlags.None, "a/+", default)), "section 3.3.2.1");
        AssertThrows(() => WireSerializer.ToArray(new PublishAtMostOnce(PublishFlags.None, "a\0", default)), "section 1.5.3");
        AssertThrows(() => WireSerializer.ToArray(new Subscribe(1, [])), "section");
        AssertThrows(() => WireSerializer.ToArray(new Subscribe(1, [new("a/#/b", QualityOfService.AtMostOnce)])), "section 4.7.1.2");
        AssertThrows(() => WireSerializer.ToArray(new Connect(new ConnectOptions("a") { Password = new byte[1] })), "section 3.1.2.9");
    }

    private static void AssertThrows(Func<byte[]> write, string section) => Assert.Contains(section, Assert.ThrowsAny<ArgumentException>(write).Message);

    private static void AssertBytes<TMessage>(TMessage message, string packet)
        where TMessage : ICodedMessage<TMessage>
    {
        var output = new ArrayBufferWriter<byte>();
        var framing = new MqttFraming();
        framing.Write(output, message);
        Assert.Equal(packet, Convert.ToHexString(output.WrittenSpan));

        Assert.Equal(FrameStatus.Complete, framing.TryRead(Convert.FromHexString(packet), 1000, out _, out var received, out _));
        Assert.Equal(TMessage.Code, received.Code);
        Assert.True(WireSerializer.TryRead<TMessage>(received.Body.Span, out var read, out var error), error.ToString());
        Assert.Equal(WireSerializer.ToArray(message), WireSerializer.ToArray(read));
    }
}
