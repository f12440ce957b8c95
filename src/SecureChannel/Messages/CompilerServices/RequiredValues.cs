using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that reject null in a field that is declared without '?'. The exception names the field.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RequiredValues
{
    /// <summary>Returns a list or map after checking that it is not null.</summary>
    /// <exception cref="ArgumentException">The list or map is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Required<T>(this T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class
    {
        if (value is null)
            WireWriter.ThrowNull<T>(name);
        return value;
    }
}
