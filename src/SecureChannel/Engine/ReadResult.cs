namespace SecureChannel.Handshakes;

/// <summary>What came of giving bytes to an engine: it takes at most one record a call.</summary>
/// <param name="Consumed">How many bytes of the input were used: drop them, and call again if there are more. 0 while an operation is pending and after the end.</param>
/// <param name="ContentOffset">Where in the input application data begins, decrypted in place.</param>
/// <param name="ContentLength">How long it is; 0 if the record held none.</param>
/// <param name="NeedsMoreData">The input holds no whole record: call again when more has come.</param>
public readonly record struct ReadResult(int Consumed, int ContentOffset, int ContentLength, bool NeedsMoreData)
{
    /// <summary>The application data.</summary>
    /// <param name="input">The input that was given.</param>
    public Span<byte> Content(Span<byte> input) => input.Slice(ContentOffset, ContentLength);
}
