using SecureChannel;

namespace Samples.Files;

/// <summary>The client wants to store a file.</summary>
/// <param name="Name">A plain file name.</param>
/// <param name="Size">How many bytes it has.</param>
[Message(1)]
public readonly partial record struct UploadRequest([property: ByteLength(1, 255)] string Name, ulong Size);

/// <summary>The server takes the file from here on: what comes before was stored in an earlier session.</summary>
[Message(2)]
public readonly partial record struct UploadAccepted(ulong Offset);

/// <summary>The client wants a file, or what it lacks of one.</summary>
/// <param name="Name">A plain file name.</param>
/// <param name="Offset">How many bytes the client has.</param>
[Message(3)]
public readonly partial record struct DownloadRequest([property: ByteLength(1, 255)] string Name, ulong Offset);

/// <summary>The server sends the file.</summary>
/// <param name="Size">How many bytes the whole file has.</param>
/// <param name="Offset">Where it begins: where the client asked, or 0 if the file is shorter than that.</param>
[Message(4)]
public readonly partial record struct DownloadAccepted(ulong Size, ulong Offset);

/// <summary>The server does not do what was asked for.</summary>
[Message(5)]
public readonly partial record struct Refused([property: ByteLength(1, 200)] string Reason);

/// <summary>The next bytes of the file.</summary>
[Message(6)]
public readonly partial record struct Chunk([property: ByteLength(1, Chunk.MaxSize)] ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The most bytes that one chunk carries.</summary>
    public const int MaxSize = 32 * 1024;
}

/// <summary>All bytes were sent.</summary>
/// <param name="Sha256">The digest of the whole file, with what earlier sessions carried.</param>
[Message(7)]
public readonly partial record struct Complete([property: ByteLength(32)] ReadOnlyMemory<byte> Sha256);

/// <summary>The digest is right: the file is stored under its name.</summary>
[Message(8)]
public readonly partial record struct Stored;

/// <summary>The server cannot go on: its disk is full, the digest is wrong.</summary>
[Message(9)]
public readonly partial record struct Failed([property: ByteLength(1, 200)] string Reason);

/// <summary>The client has all that the server had to send.</summary>
[Message(10)]
public readonly partial record struct Acknowledge;

/// <summary>The client wants no more of this transfer. What was carried stays, and a later transfer resumes there.</summary>
[Message(11)]
public readonly partial record struct Cancel;

/// <summary>The server has stopped.</summary>
[Message(12)]
public readonly partial record struct Cancelled;

/// <summary>The client leaves.</summary>
[Message(13)]
public readonly partial record struct Goodbye;

/// <summary>
/// Files go up and down, one at a time, in chunks that each side sends as fast as the other takes them. Either side may stop a transfer midway, and what
/// crosses that is declared.
/// </summary>
[Protocol("file-transfer/1")]
public enum FileTransfer
{
    /// <summary>The client chooses.</summary>
    [Client<UploadRequest>(UploadOffered)]
    [Client<DownloadRequest>(DownloadOffered)]
    [Client<Goodbye>(Closed)]
    Ready,

    /// <summary>The server looks whether it takes the file, and what it has of it.</summary>
    [Server<UploadAccepted>(Uploading)]
    [Server<Refused>(Ready)]
    UploadOffered,

    /// <summary>The client sends; the server may stop it.</summary>
    [Client<Chunk>(Uploading)]
    [Client<Complete>(Verifying)]
    [Client<Cancel>(UploadCancelled)]
    [Server<Failed>(UploadFailed)]
    Uploading,

    /// <summary>The server checks the digest. Its failure to store a chunk may cross the end.</summary>
    [Server<Stored>(Ready)]
    [Server<Failed>(Ready)]
    Verifying,

    /// <summary>The server keeps what it has. Its failure may cross the cancellation.</summary>
    [Server<Cancelled>(Ready)]
    [Server<Failed>(Ready)]
    UploadCancelled,

    /// <summary>The server has failed; chunks are on their way until the client knows.</summary>
    [Client<Chunk>(UploadFailed)]
    [Client<Complete>(Ready)]
    [Client<Cancel>(Ready)]
    UploadFailed,

    /// <summary>The server looks whether it has the file.</summary>
    [Server<DownloadAccepted>(Downloading)]
    [Server<Refused>(Ready)]
    DownloadOffered,

    /// <summary>The server sends; the client may stop it.</summary>
    [Server<Chunk>(Downloading)]
    [Server<Complete>(Downloaded)]
    [Server<Failed>(Downloaded)]
    [Client<Cancel>(DownloadCancelled)]
    Downloading,

    /// <summary>The server has sent all that it will. A cancellation may cross the end.</summary>
    [Client<Acknowledge>(Ready)]
    [Client<Cancel>(Ready)]
    Downloaded,

    /// <summary>The client has cancelled; chunks are on their way until the server knows.</summary>
    [Server<Chunk>(DownloadCancelled)]
    [Server<Complete>(Ready)]
    [Server<Failed>(Ready)]
    [Server<Cancelled>(Ready)]
    DownloadCancelled,

    /// <summary>Nothing more.</summary>
    [Final]
    Closed,
}
