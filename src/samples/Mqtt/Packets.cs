using SecureChannel;

namespace Samples.Mqtt311;

// MQTT 3.1.1 section 2.2: the code of a packet is the first byte of its fixed header, type and flags. What a PUBLISH varies there is a field of its own.

/// <summary>How a message is delivered (section 4.3).</summary>
[ClosedEnum]
public enum QualityOfService : byte
{
    /// <summary>At most once: no answer.</summary>
    AtMostOnce,

    /// <summary>At least once: acknowledged.</summary>
    AtLeastOnce,

    /// <summary>Exactly once: by an exchange of four packets.</summary>
    ExactlyOnce,
}

/// <summary>What else a PUBLISH says in its fixed header (section 3.3.1).</summary>
[Flags, ClosedEnum]
public enum PublishFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To a broker: keep it for later subscribers. From one: it was kept.</summary>
    Retain = 1,

    /// <summary>It may have been sent before.</summary>
    Duplicate = 8,
}

/// <summary>What a broker says of one filter (section 3.9.3).</summary>
[ClosedEnum]
public enum SubscribeReturnCode : byte
{
    /// <summary>Granted at QoS 0.</summary>
    AtMostOnce = 0,

    /// <summary>Granted at QoS 1 at most.</summary>
    AtLeastOnce = 1,

    /// <summary>Granted at QoS 2 at most.</summary>
    ExactlyOnce = 2,

    /// <summary>Refused.</summary>
    Failure = 0x80,
}

/// <summary>PUBLISH at QoS 0 (section 3.3).</summary>
[Message(0x30)]
public readonly partial record struct PublishAtMostOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>PUBLISH at QoS 1 (section 3.3).</summary>
[Message(0x32)]
public readonly partial record struct PublishAtLeastOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Converter<PacketIdentifier>] ushort PacketId,
    [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>PUBLISH at QoS 2 (section 3.3).</summary>
[Message(0x34)]
public readonly partial record struct PublishExactlyOnce(
    PublishFlags Flags, [property: Converter<TopicName>] string Topic, [property: Converter<PacketIdentifier>] ushort PacketId,
    [property: Remainder(0, MqttFraming.MaxRemainingLength)] ReadOnlyMemory<byte> Payload);

/// <summary>PUBACK: a PUBLISH at QoS 1 has arrived (section 3.4).</summary>
[Message(0x40)]
public readonly partial record struct PublishAcknowledge([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>PUBREC: a PUBLISH at QoS 2 has arrived (section 3.5).</summary>
[Message(0x50)]
public readonly partial record struct PublishReceived([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>PUBREL: its sender will not repeat it (section 3.6).</summary>
[Message(0x62)]
public readonly partial record struct PublishRelease([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>PUBCOMP: the identifier is free again (section 3.7).</summary>
[Message(0x70)]
public readonly partial record struct PublishComplete([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>SUBSCRIBE (section 3.8).</summary>
[Message(0x82)]
public readonly partial record struct Subscribe(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Subscription>>] IReadOnlyList<Subscription> Subscriptions);

/// <summary>What a client subscribes to, and how it is delivered at most.</summary>
[Message]
public readonly partial record struct Subscription([property: Converter<TopicFilter>] string Filter, QualityOfService QualityOfService);

/// <summary>SUBACK: what is granted, in the order of the SUBSCRIBE (section 3.9).</summary>
[Message(0x90)]
public readonly partial record struct SubscribeAcknowledge(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Granted>>] IReadOnlyList<Granted> Granted);

/// <summary>What is granted for one filter.</summary>
[Message]
public readonly partial record struct Granted(SubscribeReturnCode Code);

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
[Message(0xA2)]
public readonly partial record struct Unsubscribe(
    [property: Converter<PacketIdentifier>] ushort PacketId, [property: Converter<ListOf<Unsubscription>>] IReadOnlyList<Unsubscription> Filters);

/// <summary>What a client subscribes to no longer.</summary>
[Message]
public readonly partial record struct Unsubscription([property: Converter<TopicFilter>] string Filter);

/// <summary>UNSUBACK (section 3.11).</summary>
[Message(0xB0)]
public readonly partial record struct UnsubscribeAcknowledge([property: Converter<PacketIdentifier>] ushort PacketId);

/// <summary>PINGREQ (section 3.12).</summary>
[Message(0xC0)]
public readonly partial record struct PingRequest;

/// <summary>PINGRESP (section 3.13).</summary>
[Message(0xD0)]
public readonly partial record struct PingResponse;

/// <summary>DISCONNECT (section 3.14).</summary>
[Message(0xE0)]
public readonly partial record struct Disconnect;
