using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads a value of a type that is the argument of a generic message: a number, flag, UUID, time, string, byte array, enum or message.</summary>
    /// <exception cref="NotSupportedException">The type is none of these.</exception>
    public bool TryReadArgument<T>([MaybeNullWhen(false)] out T value) => ValueCodec<T>.Instance.TryRead(ref this, out value);

    /// <summary>Reads a value of a type that is the argument of a generic message as an element of a vector: it must have bytes.</summary>
    /// <exception cref="NotSupportedException">The type is none that can travel.</exception>
    public bool TryReadArgumentElement<T>([MaybeNullWhen(false)] out T value)
    {
        var start = _position;
        return TryReadArgument(out value) && (_position > start || Fail(WireErrorReason.EmptyElement));
    }
}
