using System.Buffers;
using System.Globalization;
using SecureChannel.Messages;

namespace SecureChannel.Fuzz;

/// <summary>The checks of a message's reader for any input. Each returns the failed check, or null.</summary>
public static class Checks
{
    // An element of one byte can be an object with an empty list. An error has a path of up to 64 names, which are added one by one.
    private const int AllocationPerByte = 64;
    private const int AllocationForAccepted = 8 * 1024;
    private const int AllocationForRejected = 64 * 1024;

    /// <summary>Checks a message that is read from a span.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The outcome of the reader.</param>
    public static string? Span<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>, allows ref struct
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = WireSerializer.TryRead<T>(input, out var message, out outcome);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > (isRead ? AllocationForAccepted : AllocationForRejected) + ((long)AllocationPerByte * input.Length))
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {allocated} bytes were allocated for {input.Length} bytes of input");
        if (!isRead)
            return outcome.Reason != WireErrorReason.None && outcome.Offset >= 0 && outcome.Offset <= input.Length ? null : $"{typeof(T).Name}: rejected with an invalid error, {outcome}";

        if (outcome != default)
            return $"{typeof(T).Name}: accepted with the error {outcome}";
        if (WireSerializer.GetSize(message!) != input.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {WireSerializer.GetSize(message!)} bytes were measured instead of {input.Length}");
        return CheckEncoding<T>(input, WireSerializer.ToArray(message!));
    }

    /// <summary>Checks a message that is read from a span and from three pieces, and written to a buffer that grows.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The outcome of the reader.</param>
    public static string? Everywhere<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>
    {
        if (Span<T>(input, out outcome) is { } finding)
            return finding;
        var isRead = WireSerializer.TryRead<T>(Piece.Sequence(input.ToArray()), out var message, out var outcomeInPieces);
        if (isRead != (outcome == default) || outcome != outcomeInPieces)
            return $"{typeof(T).Name}: the outcome is {outcome}, but {outcomeInPieces} in pieces";
        if (!isRead)
            return null;
        var buffer = new ArrayBufferWriter<byte>(1);
        WireSerializer.Write(buffer, message!);
        return CheckEncoding<T>(input, buffer.WrittenSpan);
    }

    /// <summary>Checks a view and a message that copies the same bytes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The outcome of the readers.</param>
    public static string? Alike<TView, TCopy>(ReadOnlySpan<byte> input, out WireError outcome)
        where TView : IMessage<TView>, allows ref struct
        where TCopy : IMessage<TCopy>
    {
        if (Span<TView>(input, out outcome) is { } finding)
            return finding;
        finding = Everywhere<TCopy>(input, out var copied);
        return finding ?? (outcome == copied ? null : $"{typeof(TView).Name}: the outcome is {outcome}, but {copied} for {typeof(TCopy).Name}");
    }

    /// <summary>Checks a message in the version that the first byte of the input selects.</summary>
    /// <param name="input">The version and the input.</param>
    /// <param name="outcome">The outcome of the reader.</param>
    public static string? Version<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>
    {
        var version = 1 + (input.IsEmpty ? 0 : input[0] % 4);
        var bytes = input.IsEmpty ? input : input[1..];
        if (!WireSerializer.TryRead<T>(bytes, version, out var message, out outcome))
            return outcome.Reason != WireErrorReason.None ? null : $"{typeof(T).Name}: rejected without a reason";
        if (WireSerializer.GetSize(message, version) != bytes.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {WireSerializer.GetSize(message, version)} bytes were measured instead of {bytes.Length}");
        return CheckEncoding<T>(bytes, WireSerializer.ToArray(message, version));
    }

    private static string? CheckEncoding<T>(ReadOnlySpan<byte> input, ReadOnlySpan<byte> written)
        where T : allows ref struct => input.SequenceEqual(written) ? null : $"{typeof(T).Name}: the encoding is {Convert.ToHexString(written)}";

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        // The second of the three pieces may be empty.
        public static ReadOnlySequence<byte> Sequence(byte[] bytes)
        {
            var (first, second) = (bytes.Length / 3, bytes.Length / 2);
            var end = new Piece { Memory = bytes.AsMemory(second), RunningIndex = second };
            var middle = new Piece { Memory = bytes.AsMemory(first, second - first), RunningIndex = first, Next = end };
            return new ReadOnlySequence<byte>(new Piece { Memory = bytes.AsMemory(0, first), Next = middle }, 0, end, end.Memory.Length);
        }
    }
}
