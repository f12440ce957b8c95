using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Handshakes;

/// <summary>The application protocols that a client offers.</summary>
internal interface IOfferedProtocols
{
    /// <summary>Gets a value that indicates whether the client offers no protocol.</summary>
    bool IsEmpty { get; }

    /// <summary>Gets the names, best first.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Returns a value that indicates whether a protocol is offered.</summary>
    bool Contains(string name);
}

/// <summary>
/// A list of application protocols in its wire format (RFC 7301 section 3.1): names of 1 to 255 bytes, each after its length. A name becomes a string only for an
/// error message, so that a peer that sends thousands of names does not make this endpoint allocate an object for each.
/// </summary>
/// <param name="wire">The encoded names, without the length of the list.</param>
public readonly struct ProtocolNames(ReadOnlyMemory<byte> wire) : IOfferedProtocols
{
    /// <summary>Gets the encoded names.</summary>
    public ReadOnlyMemory<byte> Wire => wire;

    /// <summary>Gets a value that indicates whether the list has no names.</summary>
    public bool IsEmpty => wire.IsEmpty;

    /// <summary>Gets the names, best first. The list must be well-formed.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            for (var rest = wire; !rest.IsEmpty; rest = rest[(1 + rest.Span[0])..])
                yield return Encoding.UTF8.GetString(rest.Span.Slice(1, rest.Span[0]));
        }
    }

    /// <summary>Encodes a list of names.</summary>
    /// <param name="names">The names, best first. Each has 1 to 255 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">A name is empty or too long.</exception>
    public static ProtocolNames Of(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var wire = new List<byte>();
        foreach (var name in names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            if (bytes.Length is 0 or > byte.MaxValue)
                throw new ArgumentException($"'{name}' is not a valid application protocol. A name must have 1 to 255 bytes of UTF-8.", nameof(names));
            wire.Add((byte)bytes.Length);
            wire.AddRange(bytes);
        }

        return new ProtocolNames(wire.ToArray());
    }

    /// <summary>Returns a value that indicates whether every name is complete and has at least one byte.</summary>
    /// <param name="isText">True to require that every name is UTF-8; false to accept other bytes, such as GREASE values.</param>
    public bool IsWellFormed(bool isText = false)
    {
        for (var rest = wire.Span; !rest.IsEmpty; rest = rest[(1 + rest[0])..])
        {
            if (rest[0] == 0 || rest[0] >= rest.Length || (isText && !Utf8.IsValid(rest.Slice(1, rest[0]))))
                return false;
        }

        return true;
    }

    /// <summary>Returns a value that indicates whether the list contains a name. The list must be well-formed.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name)
    {
        Span<byte> bytes = stackalloc byte[byte.MaxValue];
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out var length))
            return false;
        for (var rest = wire.Span; !rest.IsEmpty; rest = rest[(1 + rest[0])..])
        {
            if (rest.Slice(1, rest[0]).SequenceEqual(bytes[..length]))
                return true;
        }

        return false;
    }

    /// <summary>Returns a value that indicates whether the list consists of one name.</summary>
    /// <param name="name">The name.</param>
    public bool IsOnly(string name)
    {
        Span<byte> bytes = stackalloc byte[byte.MaxValue];
        return Encoding.UTF8.TryGetBytes(name, bytes, out var length)
            && wire.Length == length + 1 && wire.Span[0] == length && wire.Span[1..].SequenceEqual(bytes[..length]);
    }
}
