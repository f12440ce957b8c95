using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace SecureChannel.Fuzz.Tests;

/// <summary>A flaw in a reader, which is reached only after a few bytes that random input is unlikely to have.</summary>
public interface IFlaw
{
    static abstract bool TryRead(scoped ref WireReader reader, out byte value);
}

/// <summary>A reader that throws on input.</summary>
public sealed class Throwing : IFlaw
{
    public static bool TryRead(scoped ref WireReader reader, out byte value) =>
        reader.TryReadByte(out value) && (value < 200 ? true : throw new InvalidOperationException("planted"));
}

/// <summary>A reader that accepts two encodings of one value.</summary>
public sealed class Lenient : IFlaw
{
    public static bool TryRead(scoped ref WireReader reader, out byte value)
    {
        var isRead = reader.TryReadByte(out value);
        value &= 0x7F;
        return isRead;
    }
}

/// <summary>A reader that allocates memory for a length before it checks that the input has as many bytes (CWE-789).</summary>
public sealed class Trusting : IFlaw
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

/// <summary>A message whose reader has a flaw.</summary>
public sealed class Flawed<TFlaw>(byte value) : IMessage<Flawed<TFlaw>>
    where TFlaw : IFlaw
{
    private readonly byte _value = value;

    static bool IMessage<Flawed<TFlaw>>.TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Flawed<TFlaw> message)
    {
        message = null;
        // Three bytes, which random input has once in 16 million tries.
        if (!reader.TryReadByte(out var first) || first != 'F' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!reader.TryReadByte(out var second) || second != 'u' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!reader.TryReadByte(out var third) || third != 'z' && !reader.Fail(WireErrorReason.UnknownValue))
            return false;
        if (!TFlaw.TryRead(ref reader, out var value))
            return reader.Fail(WireErrorReason.UnknownValue);
        message = new Flawed<TFlaw>(value);
        return true;
    }

    static void IMessage<Flawed<TFlaw>>.Write(scoped ref WireWriter writer, scoped in Flawed<TFlaw> message)
    {
        writer.WriteUInt24(0x46757A);
        writer.WriteByte(message._value);
    }
}

/// <summary>A target with a planted fault.</summary>
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
    public static string? Run<TFlaw>(byte[] input)
        where TFlaw : IFlaw
    {
        try
        {
            return Checks.Everywhere<Flawed<TFlaw>>(input, out _);
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
