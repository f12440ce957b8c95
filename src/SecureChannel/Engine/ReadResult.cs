namespace SecureChannel.Handshakes;

/// <summary>The result of <see cref="ChannelEngine.Read"/>, which reads at most one record.</summary>
/// <param name="Consumed">
/// The number of consumed bytes. Remove them from the input and call again if there are more. 0 while an operation is pending and after the end of the session.
/// </param>
/// <param name="ContentOffset">The offset of the application data in the input, where it was decrypted in place.</param>
/// <param name="ContentLength">The length of the application data; 0 if there is none.</param>
/// <param name="NeedsMoreData">True if the input does not contain a complete record. Call again when more bytes were received.</param>
public readonly record struct ReadResult(int Consumed, int ContentOffset, int ContentLength, bool NeedsMoreData)
{
    /// <summary>Returns the decrypted application data, a slice of the input.</summary>
    /// <param name="input">The input that was passed to the engine.</param>
    public Span<byte> Content(Span<byte> input) => input.Slice(ContentOffset, ContentLength);
}
