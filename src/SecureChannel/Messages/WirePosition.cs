namespace SecureChannel.Messages;

/// <summary>
/// A place in the input of a <see cref="WireReader"/>, which alone makes it. The codec of what is read in place keeps it in a local, where the compiler can hold
/// it in a register: the place of each vector depends on the length of the one before.
/// </summary>
public readonly ref struct WirePosition
{
    internal WirePosition(int offset) => Offset = offset;

    // In bytes from the beginning of the input, and never negative: a place of another reader, or none, is at worst beyond the end.
    internal int Offset { get; }
}
