using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>A message of a random declaration, and its checks.</summary>
public abstract class MessageCase
{
    public static MessageCase Of<T>(Func<Values, T> make)
        where T : IMessage<T> => new Typed<T>(make);

    /// <summary>Gets the metadata name of the message's type.</summary>
    public abstract string TypeName { get; }

    /// <summary>Gets or sets the maximum size that the generator computed, or null if the message has none.</summary>
    public int? MaxSize { get; set; }

    /// <summary>Checks one random value and its mutations.</summary>
    /// <returns>The number of mutations that were accepted.</returns>
    public abstract int Check(Values values);

    private sealed class Typed<T>(Func<Values, T> make) : MessageCase
        where T : IMessage<T>
    {
        public override string TypeName => typeof(T).FullName!;

        public override int Check(Values values)
        {
            var value = make(values);
            var bytes = WireSerializer.ToArray(value);
            var name = $"{typeof(T)} {Convert.ToHexString(bytes)}";
            Assert.True(bytes.Length == WireSerializer.GetSize(value), $"{name}: its size was told as {WireSerializer.GetSize(value)}");
            Assert.True(!(bytes.Length > MaxSize), $"{name}: {bytes.Length} bytes, but the maximum was computed as {MaxSize}");
            var buffer = new ArrayBufferWriter<byte>();
            WireSerializer.Write(buffer, value);
            Assert.True(buffer.WrittenSpan.SequenceEqual(bytes), $"{name}: a buffer got {Convert.ToHexString(buffer.WrittenSpan)}");
            Assert.True(WireSerializer.TryRead<T>(bytes, out var read, out var error), $"{name}: {error}");
            Assert.True(DeepEquality.Difference(value, read) is null, $"{name}: {DeepEquality.Difference(value, read)} came back otherwise");
            Reread(bytes, int.MaxValue, name);

            var version = 1 + values.Next(4);
            var earlier = WireSerializer.ToArray(value, version);
            Assert.True(earlier.Length == WireSerializer.GetSize(value, version) && Reread(earlier, version, $"{name} in version {version}"), $"{name}: not read in version {version}");
            return Enumerable.Range(0, 30).Count(_ => Reread(values.Mutate(values.Flag() ? bytes : earlier), values.Flag() ? int.MaxValue : version, name));
        }

        private static bool Reread(byte[] bytes, int version, string name)
        {
            var input = $"{name}: the input {Convert.ToHexString(bytes)}";
            var isRead = WireSerializer.TryRead<T>(bytes, version, out var read, out var error);
            Assert.True(!isRead || WireSerializer.ToArray(read!, version).AsSpan().SequenceEqual(bytes), $"{input} was accepted and written otherwise");
            Assert.True(isRead == (error.Reason == WireErrorReason.None) && error.Offset >= 0 && error.Offset <= bytes.Length, $"{input} was refused with {error}");
            var isReadInPieces = WireSerializer.TryRead<T>(InTwo(bytes), version, out var again, out var errorInPieces);
            Assert.True(isRead == isReadInPieces && error == errorInPieces && (!isRead || DeepEquality.Difference(read, again) is null), $"{input} was read otherwise in two pieces");
            return isRead;
        }

        private static ReadOnlySequence<byte> InTwo(byte[] bytes)
        {
            var first = new Piece(bytes.AsMemory(0, bytes.Length / 2), 0);
            var second = new Piece(bytes.AsMemory(bytes.Length / 2), bytes.Length / 2);
            first.Precede(second);
            return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, int index) => (Memory, RunningIndex) = (memory, index);

        public void Precede(Piece next) => Next = next;
    }
}
