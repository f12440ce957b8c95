using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>CONNECT (section 3.1).</summary>
/// <param name="ProtocolName">MQTT.</param>
/// <param name="Content">What follows in the version that the client speaks.</param>
[Message(0x10)]
public readonly partial record struct Connect([property: Converter<Text>] string ProtocolName, [property: Converter<ConnectConverter>] ConnectContent Content)
{
    /// <summary>The name of the protocol (section 3.1.2.1).</summary>
    public const string Name = "MQTT";

    /// <summary>The level of version 3.1.1 (section 3.1.2.2).</summary>
    public const byte Level = 4;

    /// <summary>A CONNECT of version 3.1.1.</summary>
    public Connect(ConnectOptions options)
        : this(Name, options)
    {
    }
}

/// <summary>The content of a CONNECT: <see cref="ConnectOptions"/> in version 3.1.1, else <see cref="ConnectOfAnotherLevel"/>.</summary>
public abstract record ConnectContent
{
    private protected ConnectContent()
    {
    }
}

/// <summary>What a client of version 3.1.1 wants.</summary>
/// <param name="ClientId">Who the client is to the broker: 1 to 23 letters and digits are taken by every broker.</param>
public sealed record ConnectOptions(string ClientId) : ConnectContent
{
    /// <summary>Whether an earlier session of this client is forgotten (section 3.1.2.4).</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>The most seconds between two packets of the client; 0: any (section 3.1.2.10).</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>What the broker publishes if the client goes without a DISCONNECT; null if nothing (section 3.1.2.5).</summary>
    public Will? Will { get; init; }

    /// <summary>The user's name; null if none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password; null if none. Needs a user's name.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }
}

/// <summary>What a broker publishes for a client that is gone.</summary>
/// <param name="Topic">Where.</param>
/// <param name="Payload">What, 65,535 bytes at most.</param>
/// <param name="QualityOfService">How.</param>
/// <param name="IsRetained">Whether it is kept for later subscribers.</param>
public sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService = QualityOfService.AtMostOnce, bool IsRetained = false);

/// <summary>A CONNECT of another version, which a broker of this one refuses in the words of this one (section 3.1.2.2).</summary>
/// <param name="Level">The version's level.</param>
/// <param name="Rest">What follows.</param>
public sealed record ConnectOfAnotherLevel(byte Level, ReadOnlyMemory<byte> Rest) : ConnectContent;

/// <summary>CONNACK (section 3.2).</summary>
/// <param name="SessionPresent">Whether the broker has an earlier session of the client.</param>
/// <param name="ReturnCode">Whether it is accepted.</param>
[Message(0x20)]
public readonly partial record struct ConnectAcknowledge(bool SessionPresent, ConnectReturnCode ReturnCode);

/// <summary>A CONNACK that refuses: it ends the protocol (section 3.2.2.3).</summary>
[VariantOf<ConnectAcknowledge>]
public readonly partial record struct ConnectRefused
{
    private static bool Matches(scoped in ConnectAcknowledge message) => message.ReturnCode != ConnectReturnCode.Accepted;
}

/// <summary>Why a CONNECT is refused (section 3.2.2.3).</summary>
[ClosedEnum]
public enum ConnectReturnCode : byte
{
    /// <summary>It is not.</summary>
    Accepted,

    /// <summary>The broker does not speak this version.</summary>
    UnacceptableProtocolVersion,

    /// <summary>The identifier is not allowed.</summary>
    IdentifierRejected,

    /// <summary>The broker cannot serve now.</summary>
    ServerUnavailable,

    /// <summary>Name or password is wrong.</summary>
    BadUserNameOrPassword,

    /// <summary>The client may not connect.</summary>
    NotAuthorized,
}
