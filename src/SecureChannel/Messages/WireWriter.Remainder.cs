namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Writes bytes without a length before them: nothing may follow in the message or in the vector around it.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes.</param>
    /// <param name="value">The bytes.</param>
    /// <exception cref="ArgumentException">The size lies outside the bound.</exception>
    public void WriteRemainder(int min, int max, scoped ReadOnlySpan<byte> value)
    {
        CheckBound(value.Length, min, max, "The remainder");
        if (TryTake(value.Length, out var bytes))
            value.CopyTo(bytes);
    }
}
