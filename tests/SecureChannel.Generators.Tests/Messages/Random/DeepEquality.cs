using System.Collections;
using System.Reflection;

namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>Compares two values bit by bit, without the equality of their types.</summary>
internal static class DeepEquality
{
    /// <summary>Returns the path to the first difference, or null if the values are equal.</summary>
    public static string? Difference(object? expected, object? actual, string path = "")
    {
        if (expected is null || actual is null)
            return expected is null && actual is null ? null : path;
        if (expected.GetType() != actual.GetType() && !(expected is IEnumerable && actual is IEnumerable))
            return path;
        switch (expected)
        {
            case float number:
                return BitConverter.SingleToInt32Bits(number) == BitConverter.SingleToInt32Bits((float)actual) ? null : path;
            case double number:
                return BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits((double)actual) ? null : path;
            case Half number:
                return BitConverter.HalfToInt16Bits(number) == BitConverter.HalfToInt16Bits((Half)actual) ? null : path;
            case decimal number:
                return decimal.GetBits(number).SequenceEqual(decimal.GetBits((decimal)actual)) ? null : path;
            case ReadOnlyMemory<byte> memory:
                return memory.Span.SequenceEqual(((ReadOnlyMemory<byte>)actual).Span) ? null : path;
            case IDictionary dictionary:
                return DifferenceOfMaps(dictionary, (IDictionary)actual, path);
            case string or IConvertible or Guid or TimeSpan or DateTimeOffset or DateOnly or TimeOnly or Int128 or UInt128 or Uri:
                return expected.Equals(actual) ? null : path;
            case IEnumerable list:
                return DifferenceOfLists([.. list.Cast<object?>()], [.. ((IEnumerable)actual).Cast<object?>()], path);
            default:
                return DifferenceOfMembers(expected, actual, path);
        }
    }

    private static string? DifferenceOfMaps(IDictionary expected, IDictionary actual, string path)
    {
        if (expected.Count != actual.Count)
            return path + ".Count";
        foreach (var key in expected.Keys)
        {
            if (!actual.Contains(key))
                return $"{path}[{key}]";
            if (Difference(expected[key], actual[key], $"{path}[{key}]") is { } difference)
                return difference;
        }

        return null;
    }

    private static string? DifferenceOfLists(List<object?> expected, List<object?> actual, string path) =>
        expected.Count != actual.Count ? path + ".Count" : expected.Select((item, i) => Difference(item, actual[i], $"{path}[{i}]")).FirstOrDefault(found => found is not null);

    private static string? DifferenceOfMembers(object expected, object actual, string path)
    {
        foreach (var field in Fields(expected.GetType()))
        {
            if (Difference(field.GetValue(expected), field.GetValue(actual), $"{path}.{field.Name}") is { } difference)
                return difference;
        }

        return null;
    }

    private static IEnumerable<FieldInfo> Fields(Type type) => type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
        ? Fields(parent).Concat(Own(type))
        : Own(type);

    private static FieldInfo[] Own(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
}
