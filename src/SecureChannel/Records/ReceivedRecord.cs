namespace SecureChannel.Handshakes;

/// <summary>A received record. Its content is in the input buffer, where it was decrypted in place if the record was protected.</summary>
/// <param name="ContentType">The content type; the inner type if the record was protected.</param>
/// <param name="Consumed">The length of the record in the input, in bytes.</param>
/// <param name="ContentOffset">The offset of the content in the input.</param>
/// <param name="ContentLength">The length of the content, in bytes.</param>
public readonly record struct ReceivedRecord(byte ContentType, int Consumed, int ContentOffset, int ContentLength)
{
    /// <summary>Returns the content.</summary>
    /// <param name="input">The input from which the record was read.</param>
    public Span<byte> Content(Span<byte> input) => input.Slice(ContentOffset, ContentLength);
}

/// <summary>The result of reading a record.</summary>
public enum RecordStatus
{
    /// <summary>The input does not contain a complete record. Nothing was consumed.</summary>
    NeedMoreData,

    /// <summary>A record was read.</summary>
    Record,

    /// <summary>A record of early data was discarded. Continue after its <see cref="ReceivedRecord.Consumed"/> bytes; its content is not available.</summary>
    Skipped,

    /// <summary>The input is invalid. <see cref="RecordReader.Error"/> has the reason, and the reader reads no more records.</summary>
    Failed,
}
