namespace SecureChannel.Handshakes;

/// <summary>Where a received record's content lies in the input, already decrypted.</summary>
/// <param name="ContentType">The (inner) content type; one of the format's.</param>
/// <param name="Consumed">How many bytes of the input the record took.</param>
/// <param name="ContentOffset">Where in the input the content begins.</param>
/// <param name="ContentLength">How long it is.</param>
public readonly record struct ReceivedRecord(byte ContentType, int Consumed, int ContentOffset, int ContentLength)
{
    /// <summary>The content.</summary>
    /// <param name="input">The input that the record was read from.</param>
    public Span<byte> Content(Span<byte> input) => input.Slice(ContentOffset, ContentLength);
}

/// <summary>What came of reading a record.</summary>
public enum RecordStatus
{
    /// <summary>The input holds no whole record yet; nothing of it was used.</summary>
    NeedMoreData,

    /// <summary>A record was read.</summary>
    Record,

    /// <summary>A record was dropped, which was sent before the handshake: only where it was lies in the result.</summary>
    Skipped,

    /// <summary>The input is refused for good: <see cref="RecordReader.Error"/> says why.</summary>
    Failed,
}
