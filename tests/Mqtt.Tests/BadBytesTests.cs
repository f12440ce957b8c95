using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Testing;
using SecureChannel.Tests.Sessions;

namespace Mqtt.Tests;

/// <summary>A peer that sends what MQTT 3.1.1 forbids: the session ends, and its error names what was wrong.</summary>
public sealed class BadBytesTests
{
    // CONNECT of the client "a", flags and keep-alive left out.
    private const string Connect = "10" + "0D" + "00044D515454" + "04" + "02" + "0000" + "000161";
    private const string Accepted = "20020000";

    [Theory]
    [InlineData("0000", "packet type 0 is reserved (MQTT 3.1.1 section 2.2.1)")]
    [InlineData("F000", "packet type 15 is reserved (MQTT 3.1.1 section 2.2.1)")]
    [InlineData("11", "a CONNECT has the flags 0001, which are reserved: 0000 is right (MQTT 3.1.1 section 2.2.2)")]
    [InlineData("10FFFFFFFF7F", "the remaining length takes more than four bytes (MQTT 3.1.1 section 2.2.3)")]
    [InlineData("10FFFFFF7F", "a packet of 268435455 bytes arrived; the limit is 1048576")]
    [InlineData("100D" + "00044D515454" + "04" + "03" + "0000" + "000161", "Connect: 'Content' is invalid at byte 8: the reserved flag is set (MQTT 3.1.1 section 3.1.2.3).")]
    [InlineData("100D" + "00044D515454" + "04" + "0A" + "0000" + "000161", "the flags describe a will that there is not (MQTT 3.1.1 sections 3.1.2.6 and 3.1.2.7)")]
    [InlineData("1013" + "00044D515454" + "04" + "1E" + "0000" + "000161" + "000177" + "000178", "the will is at QoS 3 (MQTT 3.1.1 section 3.1.2.6)")]
    [InlineData("1010" + "00044D515454" + "04" + "42" + "0000" + "000161" + "000170", "there is a password but no user's name (MQTT 3.1.1 section 3.1.2.9)")]
    [InlineData("100C" + "00044D515454" + "04" + "02" + "0000" + "0001", "'Content.ClientId' is invalid at byte 12: ")]
    [InlineData("100E" + "00044D515454" + "04" + "02" + "0000" + "000161" + "62", "1 byte is left after the message")]
    [InlineData("1010" + "00044D515454" + "04" + "06" + "0000" + "000161" + "000000", "'Content.Will' is invalid")]
    [InlineData("C000", "a message with code 192 arrived in Start of mqtt, where only Connect may")]
    [InlineData(Connect + Connect, "a message with code 16 arrived in Connected of mqtt, where only ")]
    [InlineData(Connect + "D000", "a message with code 208 arrived in Connected of mqtt, where only ")]
    [InlineData(Connect + "3605" + "000161" + "0001", "a PUBLISH is at QoS 3 (MQTT 3.1.1 section 3.3.1.2)")]
    [InlineData(Connect + "3803" + "000161", "a PUBLISH at QoS 0 is a duplicate (MQTT 3.1.1 section 3.3.1.1)")]
    [InlineData(Connect + "3003" + "00012B", "PublishAtMostOnce: 'Topic' is invalid at byte 4: a topic's name has no wildcards (MQTT 3.1.1 section 3.3.2.1).")]
    [InlineData(Connect + "3003" + "000100", "U+0000 has no place in a string (MQTT 3.1.1 section 1.5.3)")]
    [InlineData(Connect + "3003" + "0001FF", "'Topic' is invalid at byte 3: the string is not valid UTF-8.")]
    [InlineData(Connect + "3002" + "0000", "PublishAtMostOnce: 'Topic' is invalid at byte 1: ")]
    [InlineData(Connect + "3000", "PublishAtMostOnce: 'Topic' is invalid at byte 1: ")]
    [InlineData(Connect + "3205" + "000161" + "0000", "PublishAtLeastOnce: 'PacketId' is invalid at byte 6: a packet's identifier is not 0 (MQTT 3.1.1 section 2.3.1).")]
    [InlineData(Connect + "4003" + "000100", "PublishAcknowledge: The message is invalid at byte 2: 1 byte is left after the message.")]
    [InlineData(Connect + "6002" + "0001", "a PUBREL has the flags 0000, which are reserved: 0010 is right (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Connect + "8006" + "0001" + "00016100", "a SUBSCRIBE has the flags 0000, which are reserved: 0010 is right (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Connect + "8202" + "0001", "a list of the payload has at least one item (MQTT 3.1.1 sections 3.8.3 and 3.10.3)")]
    [InlineData(Connect + "8206" + "0001" + "00016103", "Subscribe: 'Subscriptions[0].QualityOfService' is invalid at byte 5: ")]
    [InlineData(Connect + "820A" + "0001" + "00016101" + "00016204", "Subscribe: 'Subscriptions[1].QualityOfService' is invalid at byte 9: ")]
    [InlineData(Connect + "8207" + "0001" + "0002612B00", "a wildcard stands for whole levels (MQTT 3.1.1 section 4.7.1)")]
    [InlineData(Connect + "8208" + "0001" + "0003232F6100", "# comes last (MQTT 3.1.1 section 4.7.1.2)")]
    [InlineData(Connect + "A202" + "0001", "a list of the payload has at least one item")]
    [InlineData(Connect + "C00100", "PingRequest: The message is invalid at byte 0: 1 byte is left after the message.")]
    public async Task A_broker_ends_the_session_of_a_client_that_sends_them(string bytes, string reason)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Server, new MqttFraming());
        await connection.Client.WriteAsync(Convert.FromHexString(bytes));

        var failure = await Assert.ThrowsAsync<SessionException>(() => new Broker().ServeAsync(channel).WaitAsync(SessionPair.Patience));

        AssertNames(reason, failure);
        await AssertEndsAsync(connection.Client);
    }

    [Theory]
    [InlineData("200202" + "00", "ConnectAcknowledge: 'SessionPresent' is invalid at byte 0: a Boolean must be 0 or 1.")]
    [InlineData("200200" + "06", "ConnectAcknowledge: 'ReturnCode' is invalid at byte 1: ")]
    [InlineData("2102" + "0000", "a CONNACK has the flags 0001, which are reserved: 0000 is right (MQTT 3.1.1 section 2.2.2)")]
    [InlineData("D000", "a message with code 208 arrived in Connecting of mqtt, where only ConnectAcknowledge or ConnectRefused may")]
    [InlineData(Accepted + "9003" + "000103", "SubscribeAcknowledge: 'Granted[0].Code' is invalid at byte 2: ")]
    [InlineData(Accepted + "9002" + "0001", "a list of the payload has at least one item")]
    [InlineData(Accepted + "B202" + "0001", "a UNSUBACK has the flags 0010, which are reserved: 0000 is right (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Accepted + "E000", "a message with code 224 arrived in Connected of mqtt, where only ")]
    [InlineData(Accepted + "D0FFFFFFFF00", "the remaining length takes more than four bytes (MQTT 3.1.1 section 2.2.3)")]
    public async Task A_client_ends_the_session_of_a_broker_that_sends_them(string bytes, string reason)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Client, new MqttFraming());
        await connection.Server.WriteAsync(Convert.FromHexString(bytes));

        var failure = await Assert.ThrowsAsync<SessionException>(async () =>
        {
            await using var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("a"));
            await foreach (var delivery in client.Delivered)
                Assert.Fail($"{delivery} was delivered");
        }).WaitAsync(SessionPair.Patience);

        AssertNames(reason, failure);
        await AssertEndsAsync(connection.Server);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("100D0004")]
    [InlineData(Connect + "30")]
    public async Task A_connection_that_is_cut_in_the_middle_of_a_packet_is_told_apart_from_an_end(string bytes)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Server, new MqttFraming());
        await connection.Client.WriteAsync(Convert.FromHexString(bytes));
        connection.ClientToServer.Cut();

        var failure = await Assert.ThrowsAsync<SessionException>(() => new Broker().ServeAsync(channel).WaitAsync(SessionPair.Patience));

        Assert.Equal((SessionErrorKind.Truncated, "the stream ended in the middle of a message"), (failure.Error.Kind, failure.Error.Message));
    }

    private static void AssertNames(string reason, SessionException failure)
    {
        Assert.Contains(reason, failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(reason.StartsWith("a message with code", StringComparison.Ordinal) ? SessionErrorKind.ProtocolViolation : SessionErrorKind.MalformedMessage, failure.Error.Kind);
    }

    private static async Task AssertEndsAsync(Stream peer)
    {
        using var patience = new CancellationTokenSource(SessionPair.Patience);
        var buffer = new byte[100];
        while (await peer.ReadAsync(buffer, patience.Token) > 0)
        {
            // What was sent before the end, such as a CONNACK.
        }
    }
}
