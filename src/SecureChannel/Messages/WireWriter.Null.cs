using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

// What is declared without '?' has a value on the wire: null is refused where it stands, and not when something of it is used.
public ref partial struct WireWriter
{
    /// <summary>Gives back what is about to be enumerated, a list or a map, if it is there.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The list or map.</param>
    /// <param name="name">What an exception names.</param>
    /// <exception cref="ArgumentException">It is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SuppressMessage("Performance", "CA1822", Justification = "Generated code has a writer at hand, and no need of another name.")]
    public readonly T Required<T>(T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class
    {
        if (value is null)
            ThrowNull<T>(name);
        return value;
    }

    /// <summary>Whether a message is null: of a struct that is answered while the code is compiled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsNull<T>(scoped ref readonly T message)
        where T : allows ref struct => !typeof(T).IsValueType && Unsafe.As<T, object?>(ref Unsafe.AsRef(in message)) is null;

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNull<T>(string? name)
        where T : allows ref struct => throw new ArgumentException(
            $"{(name is null ? $"An element of a list of {typeof(T).Name}" : Describe(name))} is null, but was declared to have a value: give it one, or declare it as nullable, with '?'.");

    // In generated code the message is named after its type: login.User is the field User of a Login.
    private static string Describe(string? name)
    {
        var expression = (name ?? "A value").TrimStart('@');
        return expression.Contains('.', StringComparison.Ordinal) ? char.ToUpperInvariant(expression[0]) + expression[1..] : expression;
    }
}
