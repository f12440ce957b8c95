using SecureChannel;

namespace Samples.Mqtt311;

// MQTT 3.1.1 section 2.2: the message code is the first byte of the fixed header, with type and flags. The variable flags of PUBLISH are a field instead.

/// <summary>The quality of service of a delivery (section 4.3).</summary>
[ClosedEnum]
public enum QualityOfService : byte
{
    /// <summary>At most once, without an acknowledgment.</summary>
    AtMostOnce,

    /// <summary>At least once, with an acknowledgment.</summary>
    AtLeastOnce,

    /// <summary>Exactly once, with an exchange of four packets.</summary>
    ExactlyOnce,
}

/// <summary>The flags of a PUBLISH packet, apart from its quality of service (section 3.3.1).</summary>
[Flags, ClosedEnum]
public enum PublishFlags : byte
{
    /// <summary>No flags.</summary>
    None = 0,

    /// <summary>To a broker: retain the message for later subscribers. From a broker: the message was retained.</summary>
    Retain = 1,

    /// <summary>The packet may have been sent before.</summary>
    Duplicate = 8,
}

/// <summary>The broker's decision about one topic filter (section 3.9.3).</summary>
[ClosedEnum]
public enum SubscribeReturnCode : byte
{
    /// <summary>Granted with QoS 0.</summary>
    AtMostOnce = 0,

    /// <summary>Granted with a maximum of QoS 1.</summary>
    AtLeastOnce = 1,

    /// <summary>Granted with a maximum of QoS 2.</summary>
    ExactlyOnce = 2,

    /// <summary>Rejected.</summary>
    Failure = 0x80,
}

/// <summary>A PUBLISH packet with QoS 0 (section 3.3).</summary>
[Message(0x30)]
public readonly partial record struct PublishAtMostOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>A PUBLISH packet with QoS 1 (section 3.3).</summary>
[Message(0x32)]
public readonly partial record struct PublishAtLeastOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Converter<PacketIdentifier>] ushort PacketId,
    [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>A PUBLISH packet with QoS 2 (section 3.3).</summary>
[Message(0x34)]
public readonly partial record struct PublishExactlyOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Converter<PacketIdentifier>] ushort PacketId,
    [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>A PUBACK packet: the acknowledgment of a PUBLISH packet with QoS 1 (section 3.4).</summary>
[Message(0x40)]
public readonly partial record struct PublishAcknowledge([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>A PUBREC packet: the acknowledgment of a PUBLISH packet with QoS 2 (section 3.5).</summary>
[Message(0x50)]
public readonly partial record struct PublishReceived([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>A PUBREL packet: the publisher will not repeat the PUBLISH packet (section 3.6).</summary>
[Message(0x62)]
public readonly partial record struct PublishRelease([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>A PUBCOMP packet: the packet identifier can be used again (section 3.7).</summary>
[Message(0x70)]
public readonly partial record struct PublishComplete([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>A SUBSCRIBE packet (section 3.8).</summary>
[Message(0x82)]
public readonly partial record struct Subscribe(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Subscription>>] IReadOnlyList<Subscription> Subscriptions);

/// <summary>A subscription: a topic filter and the maximum quality of service of its deliveries.</summary>
[Message]
public readonly partial record struct Subscription([property: Converter<TopicFilter>] string Filter, QualityOfService QualityOfService);

/// <summary>A SUBACK packet: the decision about each subscription, in the order of the SUBSCRIBE packet (section 3.9).</summary>
[Message(0x90)]
public readonly partial record struct SubscribeAcknowledge(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Granted>>] IReadOnlyList<Granted> Granted);

/// <summary>The decision about one subscription.</summary>
[Message]
public readonly partial record struct Granted(SubscribeReturnCode Code);

/// <summary>An UNSUBSCRIBE packet (section 3.10).</summary>
[Message(0xA2)]
public readonly partial record struct Unsubscribe(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Unsubscription>>] IReadOnlyList<Unsubscription> Filters);

/// <summary>The topic filter of a subscription that ends.</summary>
[Message]
public readonly partial record struct Unsubscription([property: Converter<TopicFilter>] string Filter);

/// <summary>An UNSUBACK packet (section 3.11).</summary>
[Message(0xB0)]
public readonly partial record struct UnsubscribeAcknowledge([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>A PINGREQ packet (section 3.12).</summary>
[Message(0xC0)]
public readonly partial record struct PingRequest;

/// <summary>A PINGRESP packet (section 3.13).</summary>
[Message(0xD0)]
public readonly partial record struct PingResponse;

/// <summary>A DISCONNECT packet (section 3.14).</summary>
[Message(0xE0)]
public readonly partial record struct Disconnect;
