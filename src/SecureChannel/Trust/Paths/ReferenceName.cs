using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace SecureChannel;

/// <summary>
/// The name that a peer must prove: a DNS name or an IP address (RFC 9525 section 6.1). Parsing does not depend on the platform's culture data, so that a name
/// has the same meaning with and without invariant globalization.
/// </summary>
internal sealed class ReferenceName
{
    private const int IPv6Length = 16;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    // A client uses the same text in each session. A parsed name is immutable, and is released with the text.
    private static readonly ConditionalWeakTable<string, ReferenceName> Parsed = [];

    private readonly byte[] _value;

    private ReferenceName(GeneralNameType type, byte[] value, string? hostName = null) => (Type, _value, HostName) = (type, value, hostName);

    /// <summary>Gets the type: <see cref="GeneralNameType.Dns"/> or <see cref="GeneralNameType.IPAddress"/>.</summary>
    public GeneralNameType Type { get; }

    /// <summary>Gets the ASCII form of a DNS name, or null for an IP address.</summary>
    public string? HostName { get; }

    /// <summary>Gets the ASCII form of a DNS name, or the bytes of an IP address.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>Gets the name as certificates present it.</summary>
    public GeneralName AsGeneralName => new(Type, _value);

    /// <summary>
    /// Tries to parse a name. An IPv4 address has four decimal numbers without leading zeros. A DNS name that is not ASCII is converted label by label
    /// (RFC 5891 section 5), and one final dot is ignored.
    /// </summary>
    public static ReferenceName? Parse(string name)
    {
        if (Parsed.TryGetValue(name, out var known))
            return known;
        var result = ParseNew(name);
        if (result is not null)
            Parsed.AddOrUpdate(name, result);
        return result;
    }

    private static ReferenceName? ParseNew(string name)
    {
        if (name.Contains(':'))
        {
            var isPlain = !name.Contains('%') && !name.Contains('[');
            return isPlain && IPAddress.TryParse(name, out var address) && address.GetAddressBytes() is { Length: IPv6Length } bits
                ? new(GeneralNameType.IPAddress, bits)
                : null;
        }

        if (ParseIPv4(name) is { } bytes)
            return new(GeneralNameType.IPAddress, bytes);
        var relative = name.EndsWith('.') ? name[..^1] : name;
        var ascii = Ascii.IsValid(relative) ? relative : InternationalName.ToAscii(relative);
        if (ascii is null)
            return null;
        var value = Encoding.ASCII.GetBytes(ascii);
        return DnsName.IsName(value) && !EndsInNumber(value) ? new(GeneralNameType.Dns, value, ascii) : null;
    }

    private static byte[]? ParseIPv4(string name)
    {
        if (name.Length == 0 || !char.IsAsciiDigit(name[0]))
            return null;
        var result = new byte[4];
        var index = 0;
        foreach (var part in name.AsSpan().Split('.'))
        {
            var digits = name.AsSpan()[part];
            if (index == 4 || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out result[index++]))
            {
                return null;
            }
        }

        return index == 4 ? result : null;
    }

    // Programs that resolve names read '127.1', '0x7f.1' and '1.2.3.4.5' as addresses or refuse them, so such names identify no host.
    private static bool EndsInNumber(ReadOnlySpan<byte> name)
    {
        var label = name[(name.LastIndexOf((byte)'.') + 1)..];
        if (!label.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return true;
        return label.Length > 1 && label[0] == '0' && (label[1] | 0x20) == 'x' && !label[2..].ContainsAnyExcept(HexDigits);
    }
}
