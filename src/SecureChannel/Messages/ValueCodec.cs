using System.Diagnostics.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>The codec of a type that is known only at run time: a type argument of a generic message.</summary>
/// <typeparam name="T">A value of fixed size, decimal, date, time, string, byte array, enum or message.</typeparam>
internal abstract class ValueCodec<T>
{
    // If the type argument is a struct, the JIT knows the codec and calls it directly.
    public static readonly ValueCodec<T> Instance = ValueCodecs.Find<T>();

    public abstract bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out T value);

    public abstract void Write(scoped ref WireWriter writer, T value);
}

/// <summary>The codecs of the types that can be type arguments of a generic message.</summary>
internal static class ValueCodecs
{
    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(byte)] = new FixedCodec<byte>(),
        [typeof(sbyte)] = new FixedCodec<sbyte>(),
        [typeof(ushort)] = new FixedCodec<ushort>(),
        [typeof(short)] = new FixedCodec<short>(),
        [typeof(uint)] = new FixedCodec<uint>(),
        [typeof(int)] = new FixedCodec<int>(),
        [typeof(ulong)] = new FixedCodec<ulong>(),
        [typeof(long)] = new FixedCodec<long>(),
        [typeof(UInt128)] = new FixedCodec<UInt128>(),
        [typeof(Int128)] = new FixedCodec<Int128>(),
        [typeof(bool)] = new FixedCodec<bool>(),
        [typeof(Half)] = new FixedCodec<Half>(),
        [typeof(float)] = new FixedCodec<float>(),
        [typeof(double)] = new FixedCodec<double>(),
        [typeof(Guid)] = new FixedCodec<Guid>(),
        [typeof(DateTimeOffset)] = new FixedCodec<DateTimeOffset>(),
        [typeof(TimeSpan)] = new FixedCodec<TimeSpan>(),
        [typeof(decimal)] = new DecimalCodec(),
        [typeof(DateOnly)] = new DateOnlyCodec(),
        [typeof(TimeOnly)] = new TimeOnlyCodec(),
        [typeof(string)] = new StringCodec(),
        [typeof(byte[])] = new ByteArrayCodec(),
    };

    [UnconditionalSuppressMessage(
        "AOT", "IL3050", Justification = "With native AOT, a type parameter must be constrained to IMessage<T>: its codec is then called directly.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "EnumCodec and MessageCodec do not access members of their type argument.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "EnumCodec and MessageCodec are created here, so their constructors are preserved.")]
    [UnconditionalSuppressMessage("Trimming", "IL2091", Justification = "An enum has no constructor.")]
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "The interface of a message is preserved where the message is used.")]
    public static ValueCodec<T> Find<T>()
    {
        if (Known.TryGetValue(typeof(T), out var known))
            return (ValueCodec<T>)known;
        var codec = typeof(T).IsEnum ? typeof(EnumCodec<>) : IsMessage(typeof(T).GetInterfaces()) ? typeof(MessageCodec<>) : null;
        return codec is null ? new NoCodec<T>() : (ValueCodec<T>)Activator.CreateInstance(codec.MakeGenericType(typeof(T)))!;
    }

    private static bool IsMessage(Type[] interfaces) =>
        interfaces.Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IMessage<>));

    private sealed class FixedCodec<T> : ValueCodec<T>
        where T : unmanaged
    {
        public override bool TryRead(scoped ref WireReader reader, out T value) => reader.TryReadFixed(out value);

        public override void Write(scoped ref WireWriter writer, T value) => writer.WriteFixed(value);
    }

    private sealed class DecimalCodec : ValueCodec<decimal>
    {
        public override bool TryRead(scoped ref WireReader reader, out decimal value) => reader.TryReadDecimal(out value);

        public override void Write(scoped ref WireWriter writer, decimal value) => writer.WriteDecimal(value);
    }

    private sealed class DateOnlyCodec : ValueCodec<DateOnly>
    {
        public override bool TryRead(scoped ref WireReader reader, out DateOnly value) => reader.TryReadDateOnly(out value);

        public override void Write(scoped ref WireWriter writer, DateOnly value) => writer.WriteDateOnly(value);
    }

    private sealed class TimeOnlyCodec : ValueCodec<TimeOnly>
    {
        public override bool TryRead(scoped ref WireReader reader, out TimeOnly value) => reader.TryReadTimeOnly(out value);

        public override void Write(scoped ref WireWriter writer, TimeOnly value) => writer.WriteTimeOnly(value);
    }

    private sealed class StringCodec : ValueCodec<string>
    {
        public override bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) => reader.TryReadString(out value);

        public override void Write(scoped ref WireWriter writer, string value) => writer.WriteString(value);
    }

    private sealed class ByteArrayCodec : ValueCodec<byte[]>
    {
        public override bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out byte[] value) => reader.TryReadNumbers(out value);

        public override void Write(scoped ref WireWriter writer, byte[] value) => writer.WriteBytes(value);
    }

    private sealed class EnumCodec<T> : ValueCodec<T>
        where T : unmanaged, Enum
    {
        private static readonly bool IsClosed = typeof(T).IsDefined(typeof(ClosedEnumAttribute), inherit: false);

        public override bool TryRead(scoped ref WireReader reader, out T value) =>
            IsClosed ? reader.TryReadClosedEnum(out value) : reader.TryReadEnum(out value);

        public override void Write(scoped ref WireWriter writer, T value)
        {
            if (IsClosed)
                writer.WriteClosedEnum(value);
            else
                writer.WriteEnum(value);
        }
    }

    private sealed class MessageCodec<T> : ValueCodec<T>
        where T : IMessage<T>
    {
        public override bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out T value) => reader.TryReadMessage(out value);

        public override void Write(scoped ref WireWriter writer, T value) => writer.WriteMessage(value);
    }

    private sealed class NoCodec<T> : ValueCodec<T>
    {
        private static NotSupportedException Unsupported => new(
            $"A generic message cannot have the type argument '{typeof(T)}'. It must be a number, Boolean, UUID, time, enum, string, byte array or message.");

        public override bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out T value) => throw Unsupported;

        public override void Write(scoped ref WireWriter writer, T value) => throw Unsupported;
    }
}
