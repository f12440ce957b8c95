using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>A CONNECT packet (section 3.1).</summary>
/// <param name="ProtocolName">The protocol name, <see cref="Name"/>.</param>
/// <param name="Content">The rest of the packet, whose format depends on the protocol level.</param>
[Message(0x10)]
public readonly partial record struct Connect([property: Converter<Text>] string ProtocolName, [property: Converter<ConnectConverter>] ConnectContent Content)
{
    /// <summary>The protocol name (section 3.1.2.1).</summary>
    public const string Name = "MQTT";

    /// <summary>The protocol level of version 3.1.1 (section 3.1.2.2).</summary>
    public const byte Level = 4;

    /// <summary>Creates a CONNECT packet of version 3.1.1.</summary>
    public Connect(ConnectOptions options)
        : this(Name, options)
    {
    }
}

/// <summary>The content of a CONNECT packet: <see cref="ConnectOptions"/> for version 3.1.1, or <see cref="UnsupportedConnect"/>.</summary>
public abstract record ConnectContent
{
    private protected ConnectContent()
    {
    }
}

/// <summary>The options of a client of version 3.1.1.</summary>
/// <param name="ClientId">The client identifier. Every broker accepts 1 to 23 letters and digits.</param>
public sealed record ConnectOptions(string ClientId) : ConnectContent
{
    /// <summary>Gets a value that indicates whether the broker discards an earlier session of the client (section 3.1.2.4).</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>Gets the maximum time between two packets of the client in seconds, or 0 for no maximum (section 3.1.2.10).</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>Gets the message that the broker publishes if the client disappears without DISCONNECT, or null (section 3.1.2.5).</summary>
    public Will? Will { get; init; }

    /// <summary>Gets the user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the password, or null. Requires a user name.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }
}

/// <summary>A message that the broker publishes on behalf of a client that has disappeared.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload, at most 65,535 bytes.</param>
/// <param name="QualityOfService">The quality of service.</param>
/// <param name="IsRetained">True to retain the message for later subscribers; otherwise, false.</param>
public sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService = QualityOfService.AtMostOnce, bool IsRetained = false);

/// <summary>The content of a CONNECT packet of another version. A broker must answer it with a CONNACK of its own version (section 3.1.2.2).</summary>
/// <param name="Level">The protocol level.</param>
/// <param name="Rest">The rest of the packet.</param>
public sealed record UnsupportedConnect(byte Level, ReadOnlyMemory<byte> Rest) : ConnectContent;

/// <summary>A CONNACK packet (section 3.2).</summary>
/// <param name="SessionPresent">True if the broker has an earlier session of the client; otherwise, false.</param>
/// <param name="ReturnCode">The broker's decision.</param>
[Message(0x20)]
public readonly partial record struct ConnectAcknowledge(bool SessionPresent, ConnectReturnCode ReturnCode);

/// <summary>A CONNACK packet that rejects the client and ends the protocol (section 3.2.2.3).</summary>
[VariantOf<ConnectAcknowledge>]
public readonly partial record struct ConnectRefused
{
    private static bool Matches(scoped in ConnectAcknowledge message) => message.ReturnCode != ConnectReturnCode.Accepted;
}

/// <summary>The broker's decision about a CONNECT packet (section 3.2.2.3).</summary>
[ClosedEnum]
public enum ConnectReturnCode : byte
{
    /// <summary>The client is accepted.</summary>
    Accepted,

    /// <summary>The broker does not support the client's version.</summary>
    UnacceptableProtocolVersion,

    /// <summary>The client identifier is not allowed.</summary>
    IdentifierRejected,

    /// <summary>The broker is unavailable.</summary>
    ServerUnavailable,

    /// <summary>The user name or the password is wrong.</summary>
    BadUserNameOrPassword,

    /// <summary>The client is not authorized to connect.</summary>
    NotAuthorized,
}
