using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads a message that is the content of a vector, <c>opaque v&lt;min..max&gt;</c>, and fills it.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="message">The message.</param>
    public bool TryReadMessageVector<T>(int min, int max, [MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        if (TryEnterVector(min, max, out var outer) && TryReadMessage(out message) && TryLeaveVector(outer))
            return true;
        message = default;
        return false;
    }

    /// <summary>Reads a message that is the content of a vector whose length is a variable-size integer, and fills it.</summary>
    /// <param name="message">The message.</param>
    public bool TryReadMessageVector<T>([MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        if (TryEnterVector(out var outer) && TryReadMessage(out message) && TryLeaveVector(outer))
            return true;
        message = default;
        return false;
    }

    /// <summary>Refuses the tag of a union that was just read: no case has it.</summary>
    /// <param name="tag">The tag: an integer or an enum.</param>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool FailTag<TTag>(TTag tag)
        where TTag : unmanaged, IFormattable =>
        FailBack(Unsafe.SizeOf<TTag>(), WireErrorReason.UnknownValue, $"no case has the tag {tag.ToString("D", null)}");
}
