using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>A peer that violates MQTT 3.1.1: the session ends with an error that names the violation.</summary>
public sealed class InvalidPacketTests
{
    // A CONNECT packet of the client "a".
    private const string Connect = "10" + "0D" + "00044D515454" + "04" + "02" + "0000" + "000161";
    private const string Accepted = "20020000";

    [Theory]
    [InlineData("0000", "packet type 0 is reserved (MQTT 3.1.1 section 2.2.1)")]
    [InlineData("F000", "packet type 15 is reserved (MQTT 3.1.1 section 2.2.1)")]
    [InlineData("11", "a CONNECT packet must have the flags 0000, but has 0001 (MQTT 3.1.1 section 2.2.2)")]
    [InlineData("10FFFFFFFF7F", "the remaining length has more than four bytes (MQTT 3.1.1 section 2.2.3)")]
    [InlineData("10FFFFFF7F", "a packet has 268435455 bytes; the limit is 1048576")]
    [InlineData(
        "100D" + "00044D515454" + "04" + "03" + "0000" + "000161",
        "Connect: 'Content' is invalid at byte 8: the reserved connect flag is 1 (MQTT 3.1.1 section 3.1.2.3).")]
    [InlineData(
        "100D" + "00044D515454" + "04" + "0A" + "0000" + "000161",
        "the connect flags have will options but no will (MQTT 3.1.1 sections 3.1.2.6 and 3.1.2.7)")]
    [InlineData("1013" + "00044D515454" + "04" + "1E" + "0000" + "000161" + "000177" + "000178", "the will has the invalid QoS 3 (MQTT 3.1.1 section 3.1.2.6)")]
    [InlineData(
        "1010" + "00044D515454" + "04" + "42" + "0000" + "000161" + "000170",
        "the packet has a password but no user name (MQTT 3.1.1 section 3.1.2.9)")]
    [InlineData("100C" + "00044D515454" + "04" + "02" + "0000" + "0001", "'Content.ClientId' is invalid at byte 12: ")]
    [InlineData("100E" + "00044D515454" + "04" + "02" + "0000" + "000161" + "62", "1 byte is left after the message")]
    [InlineData("1010" + "00044D515454" + "04" + "06" + "0000" + "000161" + "000000", "'Content.Will' is invalid")]
    [InlineData("C000", "A message with code 192 was received in state 'Start' of mqtt; expected Connect.")]
    [InlineData(Connect + Connect, "A message with code 16 was received in state 'Connected' of mqtt; expected ")]
    [InlineData(Connect + "D000", "A message with code 208 was received, which only this endpoint may send in mqtt.")]
    [InlineData(Connect + "3605" + "000161" + "0001", "a PUBLISH packet has the invalid QoS 3 (MQTT 3.1.1 section 3.3.1.2)")]
    [InlineData(Connect + "3803" + "000161", "a PUBLISH packet with QoS 0 has the duplicate flag (MQTT 3.1.1 section 3.3.1.1)")]
    [InlineData(
        Connect + "3003" + "00012B",
        "PublishAtMostOnce: 'Topic' is invalid at byte 4: a topic name must not contain wildcards (MQTT 3.1.1 section 3.3.2.1).")]
    [InlineData(Connect + "3003" + "000100", "a string must not contain U+0000 (MQTT 3.1.1 section 1.5.3)")]
    [InlineData(Connect + "3003" + "0001FF", "'Topic' is invalid at byte 3: the string is not valid UTF-8.")]
    [InlineData(Connect + "3002" + "0000", "PublishAtMostOnce: 'Topic' is invalid at byte 1: ")]
    [InlineData(Connect + "3000", "PublishAtMostOnce: 'Topic' is invalid at byte 1: ")]
    [InlineData(
        Connect + "3205" + "000161" + "0000",
        "PublishAtLeastOnce: 'PacketId' is invalid at byte 6: a packet identifier must not be 0 (MQTT 3.1.1 section 2.3.1).")]
    [InlineData(Connect + "4003" + "000100", "PublishAcknowledge: The message is invalid at byte 2: 1 byte is left after the message.")]
    [InlineData(Connect + "6002" + "0001", "a PUBREL packet must have the flags 0010, but has 0000 (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Connect + "8006" + "0001" + "00016100", "a SUBSCRIBE packet must have the flags 0010, but has 0000 (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Connect + "8202" + "0001", "the payload must have at least one item (MQTT 3.1.1 sections 3.8.3 and 3.10.3)")]
    [InlineData(Connect + "8206" + "0001" + "00016103", "Subscribe: 'Subscriptions[0].QualityOfService' is invalid at byte 5: ")]
    [InlineData(Connect + "820A" + "0001" + "00016101" + "00016204", "Subscribe: 'Subscriptions[1].QualityOfService' is invalid at byte 9: ")]
    [InlineData(Connect + "8207" + "0001" + "0002612B00", "a wildcard must replace a whole level (MQTT 3.1.1 section 4.7.1)")]
    [InlineData(Connect + "8208" + "0001" + "0003232F6100", "the wildcard # must be the last level (MQTT 3.1.1 section 4.7.1.2)")]
    [InlineData(Connect + "A202" + "0001", "the payload must have at least one item")]
    [InlineData(Connect + "C00100", "A message of 1 byte (code 192) was received; the limit of its type is 0 bytes.")]
    public async Task Broker_ends_the_session_when_a_client_sends_an_invalid_packet(string bytes, string reason)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Server, Role.Server, new MqttFraming());
        await connection.Client.WriteAsync(Convert.FromHexString(bytes));

        var failure = await Assert.ThrowsAsync<SessionException>(() => new Broker().ServeAsync(channel).WaitAsync(SessionPair.Patience));

        AssertError(reason, failure);
        await AssertEndsAsync(connection.Client);
    }

    [Theory]
    [InlineData("200202" + "00", "ConnectAcknowledge: 'SessionPresent' is invalid at byte 0: a Boolean must be 0 or 1.")]
    [InlineData("200200" + "06", "ConnectAcknowledge: 'ReturnCode' is invalid at byte 1: ")]
    [InlineData("2102" + "0000", "a CONNACK packet must have the flags 0000, but has 0001 (MQTT 3.1.1 section 2.2.2)")]
    [InlineData("D000", "A message with code 208 was received in state 'Connecting' of mqtt; expected ConnectAcknowledge or ConnectRefused.")]
    [InlineData(Accepted + "9003" + "000103", "SubscribeAcknowledge: 'Granted[0].Code' is invalid at byte 2: ")]
    [InlineData(Accepted + "9002" + "0001", "the payload must have at least one item")]
    [InlineData(Accepted + "B202" + "0001", "a UNSUBACK packet must have the flags 0000, but has 0010 (MQTT 3.1.1 section 2.2.2)")]
    [InlineData(Accepted + "E000", "A message with code 224 was received, which only this endpoint may send in mqtt.")]
    [InlineData(Accepted + "D0FFFFFFFF00", "the remaining length has more than four bytes (MQTT 3.1.1 section 2.2.3)")]
    public async Task Client_ends_the_session_when_a_broker_sends_an_invalid_packet(string bytes, string reason)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Client, Role.Client, new MqttFraming());
        await connection.Server.WriteAsync(Convert.FromHexString(bytes));

        var failure = await Assert.ThrowsAsync<SessionException>(async () =>
        {
            await using var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("a"));
            await foreach (var delivery in client.Delivered)
                Assert.Fail($"{delivery} was delivered");
        }).WaitAsync(SessionPair.Patience);

        AssertError(reason, failure);
        await AssertEndsAsync(connection.Server);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("100D0004")]
    [InlineData(Connect + "30")]
    public async Task Connection_that_ends_within_a_packet_is_reported_as_truncated(string bytes)
    {
        var connection = DuplexConnection.Create();
        await using var channel = new StreamChannel(connection.Server, Role.Server, new MqttFraming());
        await connection.Client.WriteAsync(Convert.FromHexString(bytes));
        connection.ClientToServer.Cut();

        var failure = await Assert.ThrowsAsync<SessionException>(() => new Broker().ServeAsync(channel).WaitAsync(SessionPair.Patience));

        Assert.Equal((SessionErrorKind.Truncated, "The stream ended in the middle of a message."), (failure.Error.Kind, failure.Error.Message));
    }

    private static void AssertError(string reason, SessionException failure)
    {
        Assert.Contains(reason, failure.Error.Message, StringComparison.Ordinal);
        var isUnexpected = reason.StartsWith("A message with code", StringComparison.Ordinal);
        Assert.Equal(isUnexpected ? SessionErrorKind.ProtocolViolation : SessionErrorKind.MalformedMessage, failure.Error.Kind);
    }

    private static async Task AssertEndsAsync(Stream peer)
    {
        using var timeout = new CancellationTokenSource(SessionPair.Patience);
        var buffer = new byte[100];
        while (await peer.ReadAsync(buffer, timeout.Token) > 0)
        {
            // Data before the end, such as a CONNACK packet.
        }
    }
}
