namespace SecureChannel.Handshakes;

/// <summary>The numbers of a protocol's record headers: type (1 byte), version (2), length (2), as in RFC 9846 section 5.1.</summary>
public sealed class RecordFormat
{
    /// <summary>The length of a record's header in bytes.</summary>
    public const int HeaderLength = 5;

    /// <summary>The most content that one record carries, in bytes (RFC 9846 section 5.1).</summary>
    public const int MaxContentLength = 1 << 14;

    /// <summary>The most bytes that follow a protected record's header (RFC 9846 section 5.2).</summary>
    public const int MaxCiphertextLength = MaxContentLength + 256;

    /// <summary>The longest record in bytes: a buffer of this size always makes progress.</summary>
    public const int MaxRecordLength = HeaderLength + MaxCiphertextLength;

    /// <summary>The content type of handshake messages.</summary>
    public required byte Handshake { get; init; }

    /// <summary>The content type of alerts.</summary>
    public required byte Alert { get; init; }

    /// <summary>The content type of application data, and the outer type of every protected record.</summary>
    public required byte ApplicationData { get; init; }

    /// <summary>The content type of the one-byte record that only looks like TLS 1.2 (RFC 9846 section 5); null where the protocol has none.</summary>
    public byte? ChangeCipherSpec { get; init; }

    /// <summary>The version in every record's header.</summary>
    public required ushort Version { get; init; }

    /// <summary>The version in the header of a client's first message, where it is another: 0x0301 in TLS, for servers that stumble over more (RFC 9846 section 5.1).</summary>
    public ushort? FirstVersion { get; init; }

    /// <summary>Whether a received header's version is ignored, as TLS demands (RFC 9846 section 5.1). Else it must be <see cref="Version"/>.</summary>
    public bool IgnoresVersion { get; init; }

    internal bool Knows(byte contentType) =>
        contentType == Handshake || contentType == Alert || contentType == ApplicationData || contentType == ChangeCipherSpec;

    internal string NameOf(byte contentType) =>
        contentType == Handshake ? "handshake"
        : contentType == Alert ? "alert"
        : contentType == ApplicationData ? "application data"
        : contentType == ChangeCipherSpec ? "change cipher spec"
        : $"0x{contentType:X2}";
}
