using System.Buffers.Binary;

namespace SecureChannel.Handshakes;

/// <summary>The recognition of a peer that uses another security or no security, by the first bytes that it sends.</summary>
internal static class ForeignProtocol
{
    private static readonly (byte[] Start, string Name)[] Texts =
    [
        ("SSH-"u8.ToArray(), "SSH"),
        ("HTTP/"u8.ToArray(), "an HTTP response without TLS"),
        ("PRI * HTTP/2"u8.ToArray(), "an HTTP/2 request without TLS"),
        .. new[] { "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "TRACE " }
            .Select(method => (System.Text.Encoding.ASCII.GetBytes(method), "an HTTP request without TLS")),
    ];

    /// <summary>Creates the error for a peer whose first bytes belong to another protocol. Returns null if the bytes are not recognized.</summary>
    /// <param name="start">The first bytes that the peer sent, at least one.</param>
    public static SessionError? Recognize(ReadOnlySpan<byte> start) => Describe(start) is not { } name
        ? null
        : new SessionError(
            SessionErrorKind.Incompatible, SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage,
            $"The endpoints use different securities: the first bytes of the peer look like {name}. Set the same 'Security' at both endpoints, and check the port.");

    private static string? Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return null;
        var version = start.Length >= 3 ? BinaryPrimitives.ReadUInt16BigEndian(start[1..]) : (ushort?)null;

        // RFC 9846 section 5.1: the content types of TLS, and 0x0300 to 0x0304 as the legacy version.
        if (start[0] is >= 20 and <= 23 && (version is null or (>= 0x0300 and <= 0x0304)))
            return Describe("TLS", start, isAlert: start[0] == 21);
        if (start[0] is >= 0xA1 and <= 0xA3 && (version is null or 0x0001))
            return Describe("key-transport/1", start, isAlert: start[0] == 0xA2);
        foreach (var (text, name) in Texts)
        {
            if (start.Length >= text.Length ? start.StartsWith(text) : start.Length >= 3 && text.AsSpan().StartsWith(start))
                return name;
        }

        return start[0] is >= (byte)' ' and <= (byte)'~' or (byte)'\r' or (byte)'\n' ? "text without TLS, such as HTTP or SSH" : null;
    }

    private static string Describe(string protocol, ReadOnlySpan<byte> start, bool isAlert)
    {
        // Type, version and length of the record; level and description of the alert.
        const int AlertLength = 7;
        if (!isAlert)
            return $"a record of {protocol}";
        return start.Length >= AlertLength ? $"the alert {(AlertDescription)start[AlertLength - 1]} of {protocol}" : $"an alert of {protocol}";
    }
}
