using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// Failures are rare: their code is not inlined, so that it does not use up the JIT's budget for inlining.
public ref partial struct WireReader
{
    /// <summary>Rejects the input at the current position.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(WireErrorReason reason) => Fail(reason, null);

    /// <summary>Rejects the input because a constructor, setter or converter threw an exception.</summary>
    /// <param name="rejection">The exception.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(Exception rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        return Fail(WireErrorReason.Rejected, rejection.Message.TrimEnd('.'));
    }

    /// <summary>Adds the name of the field that failed to the beginning of the path in <see cref="Error"/>.</summary>
    /// <param name="field">The name of the field.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool FailAt(string field)
    {
        var path = _error.Path ?? "";
        _error = _error with { Path = path.Length == 0 || path[0] == '[' ? field + path : $"{field}.{path}" };
        return false;
    }

    /// <summary>Adds the index of the element that failed to the beginning of the path in <see cref="Error"/>.</summary>
    /// <param name="index">The index of the element in its list.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool FailAt(int index) => FailAt($"[{index}]");

    /// <summary>Adds the name of a list and the index of the element that failed to the beginning of the path in <see cref="Error"/>.</summary>
    /// <param name="field">The name of the list.</param>
    /// <param name="index">The index of the element in the list.</param>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool FailAt(string field, int index) => FailAt($"{field}[{index}]");

    /// <summary>Gets or sets the index of the field that failed among fields of fixed size that are read together.</summary>
    internal int FailedField
    {
        readonly get => _failedField;
        set => _failedField = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Fail(WireErrorReason reason, string? detail)
    {
        _error = new WireError(_offset, "", reason) { Detail = detail };
        return false;
    }

    /// <summary>Moves back by <paramref name="count"/> bytes that were just read, and rejects the input at that position.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool FailBack(int count, WireErrorReason reason, string? detail = null)
    {
        _offset -= count;
        return Fail(reason, detail);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool FailTruncated(int needed) => Fail(
        WireErrorReason.Truncated, $"{needed} {(needed == 1 ? "byte is" : "bytes are")} required, but only {Remaining} {(Remaining == 1 ? "is" : "are")} left");

    /// <summary>Rejects the vector at the current position after <see cref="TryPeekVector"/> returned false, and determines the reason.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void FailVector(int min, int max)
    {
        if (min == max)
        {
            FailTruncated(min);
            return;
        }

        var width = WireWriter.GetPrefixWidth(max);
        if (!TryTake(width, out var prefix))
            return;
        var length = ReadPrefix(ref MemoryMarshal.GetReference(prefix), width);
        if (length < (uint)min || length > (uint)max)
            FailBack(width, WireErrorReason.LengthOutOfBounds, $"the length is {length} bytes, but must be {min} to {max}");
        else
            FailTruncated((int)length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTrailing(string where) => Fail(WireErrorReason.TrailingBytes, $"{Remaining} {(Remaining == 1 ? "byte is" : "bytes are")} left {where}");
}
