namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads all that is left of the input, or of the vector that was entered last.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes.</param>
    /// <param name="bytes">The bytes, which lie in the input.</param>
    public bool TryReadRemainder(int min, int max, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        var length = Remaining;
        if (length < min || length > max)
            return Fail(WireErrorReason.LengthOutOfBounds, $"{length} bytes are left, where {min} to {max} are allowed");
        bytes = _bytes.Slice(_position, length);
        _position = _end;
        return true;
    }
}
