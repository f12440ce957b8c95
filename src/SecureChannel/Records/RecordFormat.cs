namespace SecureChannel.Handshakes;

/// <summary>
/// The content types and versions that a protocol uses in its record headers. A header consists of a content type (1 byte), a version (2 bytes) and a length
/// (2 bytes), as in RFC 9846 section 5.1.
/// </summary>
public sealed class RecordFormat
{
    /// <summary>The length of a record's header in bytes.</summary>
    public const int HeaderLength = 5;

    /// <summary>The maximum length of a record's content, in bytes (RFC 9846 section 5.1).</summary>
    public const int MaxContentLength = 1 << 14;

    /// <summary>The maximum length of a protected record after its header, in bytes (RFC 9846 section 5.2).</summary>
    public const int MaxCiphertextLength = MaxContentLength + 256;

    /// <summary>The maximum length of a record, in bytes. A buffer of this size holds any record.</summary>
    public const int MaxRecordLength = HeaderLength + MaxCiphertextLength;

    /// <summary>Gets the content type of handshake messages.</summary>
    public required byte Handshake { get; init; }

    /// <summary>Gets the content type of alerts.</summary>
    public required byte Alert { get; init; }

    /// <summary>Gets the content type of application data, which is also the outer type of every protected record.</summary>
    public required byte ApplicationData { get; init; }

    /// <summary>
    /// Gets the content type of the change_cipher_spec record of the middlebox compatibility mode (RFC 9846 section 5), or null if the protocol has none.
    /// </summary>
    public byte? ChangeCipherSpec { get; init; }

    /// <summary>
    /// Gets the content type of control records, which carry pings and the signal of an idle timeout between endpoints that exchanged
    /// <see cref="SessionParameters"/>; or null if the protocol has none.
    /// </summary>
    public byte? Control { get; init; }

    /// <summary>Gets the version in record headers. <see cref="FirstVersion"/> can replace it in a client's first record.</summary>
    public required ushort Version { get; init; }

    /// <summary>
    /// Gets the version in the header of a client's first record, or null to use <see cref="Version"/>. TLS uses 0x0301, because some servers reject newer
    /// versions (RFC 9846 section 5.1).
    /// </summary>
    public ushort? FirstVersion { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the version in received headers is ignored, as TLS requires (RFC 9846 section 5.1). If false, received
    /// headers must have the version <see cref="Version"/>.
    /// </summary>
    public bool IgnoresVersion { get; init; }

    internal bool Knows(byte contentType) =>
        contentType == Handshake || contentType == Alert || contentType == ApplicationData || contentType == ChangeCipherSpec
        || contentType == Control;

    internal string NameOf(byte contentType) =>
        contentType == Handshake ? "handshake"
        : contentType == Alert ? "alert"
        : contentType == ApplicationData ? "application data"
        : contentType == ChangeCipherSpec ? "change_cipher_spec"
        : contentType == Control ? "control"
        : $"0x{contentType:X2}";
}
