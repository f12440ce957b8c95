using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace SecureChannel.Fuzz.Tests;

/// <summary>A planted defect of a reader, after a few bytes that random inputs are unlikely to have.</summary>
public interface IDefect
{
    static abstract bool TryRead(scoped ref WireReader reader, out byte value);
}

/// <summary>A reader that throws on input.</summary>
public sealed class Throwing : IDefect
{
    public static bool TryRead(scoped ref WireReader reader, out byte value) =>
        reader.TryReadByte(out value) && (value < 200 ? true : throw new InvalidOperationException("planted"));
}

/// <summary>A reader that accepts two encodings of the same value.</summary>
public sealed class Lenient : IDefect
{
    public static bool TryRead(scoped ref WireReader reader, out byte value)
    {
        var isRead = reader.TryReadByte(out value);
        value &= 0x7F;
        return isRead;
    }
}

/// <summary>A reader that allocates memory for a length before it has as many bytes (CWE-789).</summary>
public sealed class Trusting : IDefect
{
    public static bool TryRead(scoped ref WireReader reader, out byte value)
    {
        value = 0;
        if (!reader.TryReadUInt24(out var length))
            return false;
        var content = new byte[length];
        return reader.TryReadByte(out value) && content.Length < 2;
    }
}

/// <summary>A message whose reader has a defect.</summary>
public sealed class Defective<TDefect>(byte value) : IMessage<Defective<TDefect>>
    where TDefect : IDefect
{
    private readonly byte _value = value;

    static bool IMessage<Defective<TDefect>>.TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Defective<TDefect> message)
    {
        message = null;
        // Three bytes, one after the other: random inputs would need 16 million attempts.
        if (!reader.TryReadByte(out var first) || first != 'F' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!reader.TryReadByte(out var second) || second != 'u' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!reader.TryReadByte(out var third) || third != 'z' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!TDefect.TryRead(ref reader, out var value))
            return reader.Fail(WireErrorReason.UnknownValue);
        message = new Defective<TDefect>(value);
        return true;
    }

    static void IMessage<Defective<TDefect>>.Write(scoped ref WireWriter writer, scoped in Defective<TDefect> message)
    {
        writer.WriteUInt24(0x46757A);
        writer.WriteByte(message._value);
    }
}

/// <summary>A target with a planted defect.</summary>
public static class ThrowingTarget
{
    public static string? Run(byte[] input) => Planted.Run<Throwing>(input);
}

/// <inheritdoc cref="ThrowingTarget"/>
public static class LenientTarget
{
    public static string? Run(byte[] input) => Planted.Run<Lenient>(input);
}

/// <inheritdoc cref="ThrowingTarget"/>
public static class TrustingTarget
{
    public static string? Run(byte[] input) => Planted.Run<Trusting>(input);
}

internal static class Planted
{
    public static string? Run<TDefect>(byte[] input)
        where TDefect : IDefect
    {
        try
        {
            return Checks.Everywhere<Defective<TDefect>>(input, out _);
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
