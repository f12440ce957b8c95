using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace Samples.Mqtt311;

// The standard's own types of fields. What a converter throws refuses the packet, and is what the error of the session then says.

/// <summary>A string (section 1.5.3): UTF-8 without U+0000, after its length in two bytes.</summary>
public sealed class Text : IConverter<string>
{
    internal const int MaxSize = ushort.MaxValue;

    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) => reader.TryReadString(0, MaxSize, out value) && IsText(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        IsText(value);
        writer.WriteString(0, MaxSize, value);
    }

    internal static bool IsText(string value) => !value.Contains('\0') ? true : throw new ArgumentException("U+0000 has no place in a string (MQTT 3.1.1 section 1.5.3)");
}

/// <summary>What is published: a topic's name, without wildcards (sections 3.3.2.1 and 4.7).</summary>
public sealed class TopicName : IConverter<string>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) => reader.TryReadString(1, Text.MaxSize, out value) && IsName(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        IsName(value);
        writer.WriteString(1, Text.MaxSize, value);
    }

    private static bool IsName(string value) => !value.AsSpan().ContainsAny('+', '#')
        ? Text.IsText(value)
        : throw new ArgumentException("a topic's name has no wildcards (MQTT 3.1.1 section 3.3.2.1)");
}

/// <summary>What is subscribed to: a topic's name, or wildcards that each stand for whole levels (section 4.7.1).</summary>
public sealed class TopicFilter : IConverter<string>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out string value) => reader.TryReadString(1, Text.MaxSize, out value) && IsFilter(value);

    public static void Write(scoped ref WireWriter writer, string value)
    {
        IsFilter(value);
        writer.WriteString(1, Text.MaxSize, value);
    }

    private static bool IsFilter(string value)
    {
        foreach (var level in value.AsSpan().Split('/'))
        {
            var text = value.AsSpan()[level];
            if (text.Length > 1 && text.ContainsAny('+', '#'))
                throw new ArgumentException("a wildcard stands for whole levels (MQTT 3.1.1 section 4.7.1)");
            if (text is "#" && level.End.Value != value.Length)
                throw new ArgumentException("# comes last (MQTT 3.1.1 section 4.7.1.2)");
        }

        return Text.IsText(value);
    }
}

/// <summary>What tells an exchange of several packets apart from others under way (section 2.3.1).</summary>
public sealed class PacketIdentifier : IConverter<ushort>
{
    public static bool TryRead(scoped ref WireReader reader, out ushort value) => reader.TryReadUInt16(out value) && IsIdentifier(value);

    public static void Write(scoped ref WireWriter writer, ushort value)
    {
        IsIdentifier(value);
        writer.WriteUInt16(value);
    }

    private static bool IsIdentifier(ushort value) => value != 0 ? true : throw new ArgumentException("a packet's identifier is not 0 (MQTT 3.1.1 section 2.3.1)");
}

/// <summary>At least one item, one after the other until the packet's end: the payload of SUBSCRIBE, SUBACK and UNSUBSCRIBE.</summary>
/// <typeparam name="T">The item.</typeparam>
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

        return IsList(items);
    }

    static void IConverter<IReadOnlyList<T>>.Write(scoped ref WireWriter writer, IReadOnlyList<T> value)
    {
        IsList(value);
        foreach (var item in value)
            T.Write(ref writer, item);
    }

    private static bool IsList(IReadOnlyList<T> value) => value.Count > 0 ? true : throw new ArgumentException("a list of the payload has at least one item (MQTT 3.1.1 sections 3.8.3 and 3.10.3)");
}
