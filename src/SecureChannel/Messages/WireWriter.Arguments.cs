using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Writes a value of a type that is the argument of a generic message: a number, flag, UUID, time, string, byte array, enum or message.</summary>
    /// <exception cref="NotSupportedException">The type is none of these.</exception>
    public void WriteArgument<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<T>(name);
        ValueCodec<T>.Instance.Write(ref this, value);
    }

    /// <summary>Writes a value of a type that is the argument of a generic message as an element of a vector.</summary>
    /// <exception cref="ArgumentException">The value has no bytes, so that its reader could not count it.</exception>
    /// <exception cref="NotSupportedException">The type is none that can travel.</exception>
    public void WriteArgumentElement<T>(T value)
    {
        var start = _position;
        WriteArgument(value, null);
        if (_position == start)
            ThrowEmptyElement(typeof(T).Name);
    }
}
