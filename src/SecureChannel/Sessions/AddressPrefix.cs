using System.Net;
using System.Net.Sockets;

namespace SecureChannel;

/// <summary>
/// The source of a connection for the limit of handshakes: an IPv4 address, or the first 64 bits of an IPv6 address, because one host usually owns a whole /64.
/// </summary>
/// <param name="Family">The address family.</param>
/// <param name="Bits">The bytes of the IPv4 address, or the first 8 bytes of the IPv6 address, in the byte order of the machine.</param>
internal readonly record struct AddressPrefix(AddressFamily Family, ulong Bits)
{
    /// <summary>Gets the prefix of an endpoint. An IPv4-mapped IPv6 address has the prefix of its IPv4 address.</summary>
    /// <returns>The prefix, or null if the endpoint has no IP address, such as that of a Unix domain socket.</returns>
    public static AddressPrefix? Of(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
            return null;
        Span<byte> bytes = stackalloc byte[16];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes, out var length);
        return length == 4
            ? new(AddressFamily.InterNetwork, BitConverter.ToUInt32(bytes))
            : new(AddressFamily.InterNetworkV6, BitConverter.ToUInt64(bytes));
    }
}
