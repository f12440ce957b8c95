using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>
/// The order of MQTT 3.1.1. While connected, both ends send at any time, and exchanges of several packets are told apart by their identifiers; what the broker
/// has sent when the client disconnects is dropped unread.
/// </summary>
[Protocol("mqtt")]
public enum Mqtt
{
    /// <summary>Section 3.1: the first packet of a client is a CONNECT.</summary>
    [Client<Connect>(Connecting)]
    Start,

    /// <summary>Section 3.2: the first packet of a broker is a CONNACK.</summary>
    [Server<ConnectAcknowledge>(Connected)]
    [Server<ConnectRefused>(Disconnected)]
    Connecting,

    /// <summary>Sections 3.3 to 3.14.</summary>
    [Anytime<PublishAtMostOnce>]
    [Anytime<PublishAtLeastOnce>]
    [Anytime<PublishAcknowledge>]
    [Anytime<PublishExactlyOnce>]
    [Anytime<PublishReceived>]
    [Anytime<PublishRelease>]
    [Anytime<PublishComplete>]
    [Anytime<Subscribe>(Role.Client)]
    [Anytime<SubscribeAcknowledge>(Role.Server)]
    [Anytime<Unsubscribe>(Role.Client)]
    [Anytime<UnsubscribeAcknowledge>(Role.Server)]
    [Anytime<PingRequest>(Role.Client)]
    [Anytime<PingResponse>(Role.Server)]
    [Client<Disconnect>(Disconnected)]
    Connected,

    /// <summary>Section 3.14.4: the client closes the connection.</summary>
    [Final]
    Disconnected,
}
