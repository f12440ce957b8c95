using System.Buffers;
using System.Globalization;
using SecureChannel.Messages;

namespace SecureChannel.Fuzz;

/// <summary>
/// The checks of the reader of a message, which must pass for every input. Each method returns the check that failed, or null if all checks passed.
/// </summary>
public static class Checks
{
    // An element of one byte can be an object with an empty list. An error has a path of up to 64 names, which are concatenated one by one.
    private const int AllocationPerByte = 64;
    private const int AllocationOfAcceptance = 8 * 1024;
    private const int AllocationOfRefusal = 64 * 1024;

    /// <summary>Checks a message that is read from one segment.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The error of the reader.</param>
    public static string? Span<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>, allows ref struct
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = WireSerializer.TryRead<T>(input, out var message, out outcome);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > (isRead ? AllocationOfAcceptance : AllocationOfRefusal) + ((long)AllocationPerByte * input.Length))
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {allocated} bytes were allocated for {input.Length} bytes of input");
        if (!isRead)
            return outcome.Reason != WireErrorReason.None && outcome.Offset >= 0 && outcome.Offset <= input.Length ? null : $"{typeof(T).Name}: rejected, but the error is \"{outcome}\"";

        if (outcome != default)
            return $"{typeof(T).Name}: accepted, but the error is \"{outcome}\"";
        if (WireSerializer.GetSize(message!) != input.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {WireSerializer.GetSize(message!)} bytes were measured instead of {input.Length}");
        return Returned<T>(input, WireSerializer.ToArray(message!));
    }

    /// <summary>Checks a message that is read from one segment and from three segments, and written to a buffer that grows.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The error of the reader.</param>
    public static string? Everywhere<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>
    {
        if (Span<T>(input, out outcome) is { } finding)
            return finding;
        var isRead = WireSerializer.TryRead<T>(Segment.Sequence(input.ToArray()), out var message, out var outcomeOfSegments);
        if (isRead != (outcome == default) || outcome != outcomeOfSegments)
            return $"{typeof(T).Name}: \"{outcome}\" is \"{outcomeOfSegments}\" in three segments";
        if (!isRead)
            return null;
        var buffer = new ArrayBufferWriter<byte>(1);
        WireSerializer.Write(buffer, message!);
        return Returned<T>(input, buffer.WrittenSpan);
    }

    /// <summary>Checks two messages with the same encoding, one of which refers to the input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">The error of the readers.</param>
    public static string? Alike<TView, TCopy>(ReadOnlySpan<byte> input, out WireError outcome)
        where TView : IMessage<TView>, allows ref struct
        where TCopy : IMessage<TCopy>
    {
        if (Span<TView>(input, out outcome) is { } finding)
            return finding;
        finding = Everywhere<TCopy>(input, out var copied);
        return finding ?? (outcome == copied ? null : $"{typeof(TView).Name}: \"{outcome}\" is \"{copied}\" for {typeof(TCopy).Name}");
    }

    /// <summary>Checks a message in the version that the first byte of the input chooses.</summary>
    /// <param name="input">The version, followed by the input of the reader.</param>
    /// <param name="outcome">The error of the reader.</param>
    public static string? Version<T>(ReadOnlySpan<byte> input, out WireError outcome)
        where T : IMessage<T>
    {
        var version = 1 + (input.IsEmpty ? 0 : input[0] % 4);
        var bytes = input.IsEmpty ? input : input[1..];
        if (!WireSerializer.TryRead<T>(bytes, version, out var message, out outcome))
            return outcome.Reason != WireErrorReason.None ? null : $"{typeof(T).Name}: rejected without a reason";
        if (WireSerializer.GetSize(message, version) != bytes.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {WireSerializer.GetSize(message, version)} bytes were measured instead of {bytes.Length}");
        return Returned<T>(bytes, WireSerializer.ToArray(message, version));
    }

    private static string? Returned<T>(ReadOnlySpan<byte> input, ReadOnlySpan<byte> written)
        where T : allows ref struct => input.SequenceEqual(written) ? null : $"{typeof(T).Name}: {Convert.ToHexString(written)} was written back";

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        // Three segments, of which the second can be empty.
        public static ReadOnlySequence<byte> Sequence(byte[] bytes)
        {
            var (first, second) = (bytes.Length / 3, bytes.Length / 2);
            var end = new Segment { Memory = bytes.AsMemory(second), RunningIndex = second };
            var middle = new Segment { Memory = bytes.AsMemory(first, second - first), RunningIndex = first, Next = end };
            return new ReadOnlySequence<byte>(new Segment { Memory = bytes.AsMemory(0, first), Next = middle }, 0, end, end.Memory.Length);
        }
    }
}
