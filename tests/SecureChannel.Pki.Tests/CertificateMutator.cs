using System.Formats.Asn1;

namespace SecureChannel.Pki.Tests;

/// <summary>Random changes of certificates: of bytes, of lengths, and of complete DER values whose enclosing lengths are corrected.</summary>
internal static class CertificateMutator
{
    private const int MaxDepth = 12;

    public static byte[] Mutate(byte[] original, byte[] other, Random random)
    {
        var result = original.ToArray();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            result = random.Next(6) switch
            {
                0 => Flip(result, random),
                1 => [.. result[..random.Next(result.Length)], .. other[random.Next(other.Length)..]],
                2 => Insert(result, random),
                _ => Rewrite(result, other, random, 0),
            };
        }

        return result;
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        if (bytes.Length > 0)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] Insert(byte[] bytes, Random random)
    {
        var position = random.Next(bytes.Length + 1);
        return [.. bytes[..position], (byte)random.Next(256), .. bytes[Math.Min(bytes.Length, position + random.Next(2))..]];
    }

    // Goes down to a random value, changes it, and encodes all values around it again.
    private static byte[] Rewrite(byte[] bytes, byte[] other, Random random, int depth)
    {
        if (!TrySplit(bytes, out var values) || values.Count == 0)
            return Flip(bytes, random);
        var index = random.Next(values.Count);
        var chosen = values[index];
        var offset = HeaderLength(chosen);
        if ((chosen[0] & 0x20) != 0 && depth < MaxDepth && random.Next(8) != 0)
        {
            values[index] = Encode(chosen[0], Rewrite(chosen[offset..], other, random, depth + 1));
        }
        else
        {
            switch (random.Next(5))
            {
                case 0:
                    values.RemoveAt(index);
                    break;
                case 1:
                    values.Insert(index, values[random.Next(values.Count)]);
                    break;
                case 2:
                    values[index] = Encode((byte)random.Next(256), chosen[offset..]);
                    break;
                case 3:
                    values[index] = Encode(chosen[0], Flip(chosen[offset..], random));
                    break;
                default:
                    values[index] = Encode(chosen[0], [.. chosen[offset..], (byte)random.Next(256)]);
                    break;
            }
        }

        return [.. values.SelectMany(value => value)];
    }

    private static bool TrySplit(byte[] bytes, out List<byte[]> values)
    {
        values = [];
        var rest = bytes.AsSpan();
        while (!rest.IsEmpty)
        {
            if (!AsnDecoder.TryReadEncodedValue(rest, AsnEncodingRules.DER, out _, out _, out _, out var consumed))
                return false;
            values.Add(rest[..consumed].ToArray());
            rest = rest[consumed..];
        }

        return true;
    }

    private static int HeaderLength(byte[] value)
    {
        AsnDecoder.TryReadEncodedValue(value, AsnEncodingRules.DER, out _, out var offset, out _, out _);
        return offset;
    }

    private static byte[] Encode(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };
}
