namespace SecureChannel.Messages;

/// <summary>
/// A position in the input of a <see cref="WireReader"/>. Only a reader creates positions. A codec stores the position in a local, which the JIT can hold in a
/// register.
/// </summary>
public readonly ref struct WirePosition
{
    internal WirePosition(int offset) => Offset = offset;

    // In bytes from the beginning of the input, and never negative: a position of another reader is, at worst, after the end.
    internal int Offset { get; }
}
