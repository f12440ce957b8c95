using SecureChannel;

namespace Samples.Files;

/// <summary>A request to upload a file.</summary>
/// <param name="Name">The file name, without a folder.</param>
/// <param name="Size">The size of the file in bytes.</param>
[Message(1)]
public readonly partial record struct UploadRequest([property: ByteLength(1, 255)] string Name, ulong Size);

/// <summary>The acceptance of an upload. The client sends the file from the offset on; the server has the bytes before it from an earlier session.</summary>
[Message(2)]
public readonly partial record struct UploadAccepted(ulong Offset);

/// <summary>A request to download a file.</summary>
/// <param name="Name">The file name, without a folder.</param>
/// <param name="Offset">The number of bytes that the client already has.</param>
[Message(3)]
public readonly partial record struct DownloadRequest([property: ByteLength(1, 255)] string Name, ulong Offset);

/// <summary>The acceptance of a download.</summary>
/// <param name="Size">The size of the whole file in bytes.</param>
/// <param name="Offset">The offset of the first byte that the server sends: the requested offset, or 0 if the file is shorter than that.</param>
[Message(4)]
public readonly partial record struct DownloadAccepted(ulong Size, ulong Offset);

/// <summary>The rejection of a request.</summary>
[Message(5)]
public readonly partial record struct Refused([property: ByteLength(1, 200)] string Reason);

/// <summary>The next bytes of the file.</summary>
[Message(6)]
public readonly partial record struct Chunk([property: ByteLength(1, Chunk.MaxSize)] ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The maximum size of a chunk in bytes.</summary>
    public const int MaxSize = 32 * 1024;
}

/// <summary>The end of the file.</summary>
/// <param name="Sha256">The SHA-256 digest of the whole file, including the bytes of earlier sessions.</param>
[Message(7)]
public readonly partial record struct Complete([property: ByteLength(32)] ReadOnlyMemory<byte> Sha256);

/// <summary>The confirmation that the digest is correct and the file is stored.</summary>
[Message(8)]
public readonly partial record struct Stored;

/// <summary>A failure of the server, such as a full disk or a wrong digest.</summary>
[Message(9)]
public readonly partial record struct Failed([property: ByteLength(1, 200)] string Reason);

/// <summary>The client's confirmation that the download has ended.</summary>
[Message(10)]
public readonly partial record struct Acknowledge;

/// <summary>A request to cancel the transfer. A later transfer can resume it.</summary>
[Message(11)]
public readonly partial record struct Cancel;

/// <summary>The server's confirmation that it has canceled the transfer.</summary>
[Message(12)]
public readonly partial record struct Canceled;

/// <summary>The client's last message.</summary>
[Message(13)]
public readonly partial record struct Goodbye;

/// <summary>
/// Uploads and downloads, one at a time, in chunks that a slow receiver delays by backpressure. Either side can stop a transfer midway; the messages that cross
/// the stop are part of the declaration.
/// </summary>
[Protocol("file-transfer/1")]
public enum FileTransfer
{
    /// <summary>The client chooses the next transfer or leaves.</summary>
    [Client<UploadRequest>(UploadOffered)]
    [Client<DownloadRequest>(DownloadOffered)]
    [Client<Goodbye>(Closed)]
    Ready,

    /// <summary>The server decides whether to accept the upload, and from which offset on.</summary>
    [Server<UploadAccepted>(Uploading)]
    [Server<Refused>(Ready)]
    UploadOffered,

    /// <summary>The client sends chunks. The server can stop it.</summary>
    [Client<Chunk>(Uploading)]
    [Client<Complete>(Verifying)]
    [Client<Cancel>(UploadCanceled)]
    [Server<Failed>(UploadFailed)]
    Uploading,

    /// <summary>The server verifies the digest. An earlier failure to store a chunk can cross <see cref="Complete"/>.</summary>
    [Server<Stored>(Ready)]
    [Server<Failed>(Ready)]
    Verifying,

    /// <summary>The server retains the received bytes. An earlier failure can cross the cancellation.</summary>
    [Server<Canceled>(Ready)]
    [Server<Failed>(Ready)]
    UploadCanceled,

    /// <summary>The server has failed. Chunks arrive until the client receives the failure.</summary>
    [Client<Chunk>(UploadFailed)]
    [Client<Complete>(Ready)]
    [Client<Cancel>(Ready)]
    UploadFailed,

    /// <summary>The server decides whether to accept the download.</summary>
    [Server<DownloadAccepted>(Downloading)]
    [Server<Refused>(Ready)]
    DownloadOffered,

    /// <summary>The server sends chunks. The client can stop it.</summary>
    [Server<Chunk>(Downloading)]
    [Server<Complete>(Downloaded)]
    [Server<Failed>(Downloaded)]
    [Client<Cancel>(DownloadCanceled)]
    Downloading,

    /// <summary>The server has sent its last message of the transfer. A cancellation can cross it.</summary>
    [Client<Acknowledge>(Ready)]
    [Client<Cancel>(Ready)]
    Downloaded,

    /// <summary>The client has canceled. Chunks arrive until the server receives the cancellation.</summary>
    [Server<Chunk>(DownloadCanceled)]
    [Server<Complete>(Ready)]
    [Server<Failed>(Ready)]
    [Server<Canceled>(Ready)]
    DownloadCanceled,

    /// <summary>The protocol has ended.</summary>
    [Final]
    Closed,
}
