using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>
/// The order of packets in MQTT 3.1.1. While connected, both sides send at any time, and packet identifiers distinguish the exchanges. Packets that cross a
/// DISCONNECT are discarded.
/// </summary>
[Protocol("mqtt")]
public enum Mqtt
{
    /// <summary>The first packet of a client is CONNECT (section 3.1).</summary>
    [Client<Connect>(Connecting)]
    Start,

    /// <summary>The first packet of a broker is CONNACK (section 3.2).</summary>
    [Server<ConnectAcknowledge>(Connected)]
    [Server<ConnectRefused>(Disconnected)]
    Connecting,

    /// <summary>The client is connected (sections 3.3 to 3.14).</summary>
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

    /// <summary>The client has disconnected (section 3.14.4).</summary>
    [Final]
    Disconnected,
}
