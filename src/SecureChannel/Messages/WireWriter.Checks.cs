using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

// Checks of values before they are written. The name of a value is the expression that the caller passed: generated code names the message after its type, so
// that login.User is the field User of a Login.
public ref partial struct WireWriter
{
    /// <summary>Returns true if a message is null. For a struct, the JIT replaces the call with false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsNull<T>(scoped ref readonly T message)
        where T : allows ref struct => !typeof(T).IsValueType && Unsafe.As<T, object?>(ref Unsafe.AsRef(in message)) is null;

    /// <summary>Throws if the size of a vector is outside its bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CheckBound(int length, int min, int max, string? name)
    {
        if (length < min || length > max)
            ThrowOutOfBounds(length, min, max, name);
    }

    /// <summary>Throws because a value is null, although its declaration does not allow null.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowNull<T>(string? name)
        where T : allows ref struct => throw new ArgumentException(
            $"{(name is null ? $"An element of a list of '{typeof(T).Name}'" : Describe(name))} is null, but its declaration requires a value. "
            + "Set the value, or declare it as nullable with '?'.");

    /// <summary>Throws because an element of a vector has no bytes.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowEmptyElement<T>()
        where T : allows ref struct => throw new ArgumentException(
            $"An element of a list of '{typeof(T).Name}' has no bytes. It must have at least one byte, because a reader could not count empty elements.");

    /// <summary>Returns the quoted name of a value for the text of an exception, such as <c>'Login.User'</c>.</summary>
    internal static string Describe(string? name, string unnamed = "The value")
    {
        if (name is null)
            return unnamed;
        var expression = name.TrimStart('@');
        return $"'{(expression.Contains('.', StringComparison.Ordinal) ? char.ToUpperInvariant(expression[0]) + expression[1..] : expression)}'";
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfBounds(int length, int min, int max, string? name) =>
        throw new ArgumentException($"{Describe(name, "The vector")} has {length} bytes, but must have {(min == max ? $"exactly {min}" : $"{min} to {max}")}.");

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowTooDeep() => throw new ArgumentException(
        $"Messages are nested deeper than {WireReader.MaxDepth} levels, the maximum that a reader accepts. Reduce the nesting.");
}
