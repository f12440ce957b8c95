using System.Buffers.Binary;

namespace SecureChannel.Interop.Tests;

/// <summary>A capture file of a TCP connection that exists only in memory.</summary>
internal sealed class Pcap
{
    private const int HeadersLength = 40;
    private const int MaxPayload = 1400;

    private readonly List<byte> _file = [];
    private readonly uint[] _next = [1000, 5000];
    private int _packets;

    public Pcap()
    {
        // https://www.tcpdump.org/manpages/pcap-savefile.5.html; link type 101 is raw IP.
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 101);
        _file.AddRange(header);
        Packet(Role.Client, 0x02, []);
        _next[0]++;
        Packet(Role.Server, 0x12, []);
        _next[1]++;
        Packet(Role.Client, 0x10, []);
    }

    public void Add(Role from, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, MaxPayload)..])
        {
            var payload = bytes[..Math.Min(bytes.Length, MaxPayload)];
            Packet(from, 0x18, payload);
            _next[(int)from] += (uint)payload.Length;
        }
    }

    public void Save(string path) => File.WriteAllBytes(path, _file.ToArray());

    private void Packet(Role from, byte flags, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[16 + HeadersLength + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(4), ++_packets);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(8), HeadersLength + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(12), HeadersLength + payload.Length);
        var ip = packet.AsSpan(16);
        var tcp = packet.AsSpan(36);
        (ip[0], ip[8], ip[9]) = (0x45, 64, 6);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(HeadersLength + payload.Length));
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], 0x0A000001 + (uint)from);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], 0x0A000002 - (uint)from);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)(from == Role.Client ? 50000 : 4433));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)(from == Role.Client ? 4433 : 50000));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], _next[(int)from]);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], _next[1 - (int)from]);
        (tcp[12], tcp[13]) = (0x50, flags);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 0xFFFF);
        payload.CopyTo(packet.AsSpan(16 + HeadersLength));
        _file.AddRange(packet);
    }
}
