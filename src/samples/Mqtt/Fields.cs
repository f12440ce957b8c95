using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace Samples.Mqtt311;

// The field types of the standard. An ArgumentException of a converter rejects the packet, and its message becomes part of the session error.

/// <summary>A string (section 1.5.3): two length bytes and UTF-8 without U+0000.</summary>
public sealed class Text : IConverter<string>
{
    internal const int MaxSize = ushort.MaxValue;

    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) =>
        reader.TryReadString(0, MaxSize, out value) && Validate(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        Validate(value);
        writer.WriteString(0, MaxSize, value);
    }

    /// <summary>Validates a string.</summary>
    /// <returns>True; an invalid string throws.</returns>
    /// <exception cref="ArgumentException">The string is not valid.</exception>
    internal static bool Validate(string value) =>
        !value.Contains('\0') ? true : throw new ArgumentException("a string must not contain U+0000 (MQTT 3.1.1 section 1.5.3)");
}

/// <summary>The topic name of a published message, without wildcards (sections 3.3.2.1 and 4.7).</summary>
public sealed class TopicName : IConverter<string>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) =>
        reader.TryReadString(1, Text.MaxSize, out value) && Validate(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        Validate(value);
        writer.WriteString(1, Text.MaxSize, value);
    }

    private static bool Validate(string value) => !value.AsSpan().ContainsAny('+', '#')
        ? Text.Validate(value)
        : throw new ArgumentException("a topic name must not contain wildcards (MQTT 3.1.1 section 3.3.2.1)");
}

/// <summary>The topic filter of a subscription: a topic name in which wildcards can replace whole levels (section 4.7.1).</summary>
public sealed class TopicFilter : IConverter<string>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) =>
        reader.TryReadString(1, Text.MaxSize, out value) && Validate(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        Validate(value);
        writer.WriteString(1, Text.MaxSize, value);
    }

    private static bool Validate(string value)
    {
        foreach (var level in value.AsSpan().Split('/'))
        {
            var text = value.AsSpan()[level];
            if (text.Length > 1 && text.ContainsAny('+', '#'))
                throw new ArgumentException("a wildcard must replace a whole level (MQTT 3.1.1 section 4.7.1)");
            if (text is "#" && level.End.Value != value.Length)
                throw new ArgumentException("the wildcard # must be the last level (MQTT 3.1.1 section 4.7.1.2)");
        }

        return Text.Validate(value);
    }
}

/// <summary>The identifier of an exchange of several packets (section 2.3.1).</summary>
public sealed class PacketIdentifier : IConverter<ushort>
{
    public static bool TryRead(scoped ref WireReader reader, out ushort value) => reader.TryReadUInt16(out value) && Validate(value);

    public static void Write(scoped ref WireWriter writer, ushort value)
    {
        Validate(value);
        writer.WriteUInt16(value);
    }

    private static bool Validate(ushort value) =>
        value != 0 ? true : throw new ArgumentException("a packet identifier must not be 0 (MQTT 3.1.1 section 2.3.1)");
}

/// <summary>A list of at least one item that extends to the end of the packet: the payload of SUBSCRIBE, SUBACK and UNSUBSCRIBE.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class ListOf<T> : IConverter<IReadOnlyList<T>>
    where T : IMessage<T>
{
    static bool IConverter<IReadOnlyList<T>>.TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        var items = new List<T>();
        value = items;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadElement<T>(out var item))
                return reader.FailAt(items.Count);
            items.Add(item);
        }

        return Validate(items);
    }

    static void IConverter<IReadOnlyList<T>>.Write(scoped ref WireWriter writer, IReadOnlyList<T> value)
    {
        Validate(value);
        foreach (var item in value)
            T.Write(ref writer, item);
    }

    private static bool Validate(IReadOnlyList<T> value) =>
        value.Count > 0 ? true : throw new ArgumentException("the payload must have at least one item (MQTT 3.1.1 sections 3.8.3 and 3.10.3)");
}
