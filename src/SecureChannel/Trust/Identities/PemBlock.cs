using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>A block of PEM text (RFC 7468 section 2).</summary>
/// <param name="Label">The label, such as "CERTIFICATE".</param>
/// <param name="Line">The number of the line on which the block begins.</param>
/// <param name="Data">The decoded content, which may be secret. Empty if the block uses traditional encryption.</param>
/// <param name="IsTraditionallyEncrypted">True if the headers say that the content is encrypted (RFC 1421 section 4.6.1.1); otherwise, false.</param>
internal sealed record PemBlock(string Label, int Line, byte[] Data, bool IsTraditionallyEncrypted)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>Gets a value that indicates whether the block contains a certificate.</summary>
    public bool IsCertificate => Label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE";

    /// <summary>Gets a value that indicates whether the block contains a private key.</summary>
    public bool IsPrivateKey => Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    /// <summary>
    /// Reads all blocks of a text. Text between the blocks is ignored. A damaged block is an error, because a certificate or key would be missing without a
    /// notice.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The blocks, in order. The caller wipes the content of private keys.</returns>
    /// <exception cref="CertificateException">A block is damaged.</exception>
    public static List<PemBlock> ReadAll(ReadOnlySpan<char> text)
    {
        List<PemBlock> blocks = [];
        try
        {
            var position = 0;
            while (TryReadNext(text, ref position, out var block))
                blocks.Add(block!);
            return blocks;
        }
        catch
        {
            Wipe(blocks);
            throw;
        }
    }

    /// <summary>Wipes the content of blocks.</summary>
    /// <param name="blocks">The blocks.</param>
    public static void Wipe(IEnumerable<PemBlock> blocks)
    {
        foreach (var block in blocks)
            CryptographicOperations.ZeroMemory(block.Data);
    }

    private static bool TryReadNext(ReadOnlySpan<char> text, ref int position, out PemBlock? block)
    {
        block = null;
        var rest = text[position..];
        var begin = rest.IndexOf(Begin, StringComparison.Ordinal);
        var stray = rest.IndexOf(End, StringComparison.Ordinal);
        if (stray >= 0 && (begin < 0 || stray < begin))
            throw Malformed($"The END line at line {LineOf(text, position + stray)} has no BEGIN line. Restore the text from its source.");
        if (begin < 0)
            return false;

        var line = LineOf(text, position + begin);
        var labelStart = position + begin + Begin.Length;
        var labelLength = text[labelStart..].IndexOf(Dashes, StringComparison.Ordinal);
        if (labelLength < 0 || text.Slice(labelStart, labelLength).ContainsAny('\r', '\n'))
            throw Malformed($"The BEGIN line at line {line} is incomplete. It must end with five hyphens.");

        var label = text.Slice(labelStart, labelLength).ToString();
        var contentStart = labelStart + labelLength + Dashes.Length;
        var content = text[contentStart..];
        var end = content.IndexOf(End, StringComparison.Ordinal);
        var next = content.IndexOf(Begin, StringComparison.Ordinal);
        if (end < 0 || (next >= 0 && next < end))
            throw Malformed($"The block '{label}' at line {line} has no END line. The text is truncated; restore it from its source.");
        if (!content[(end + End.Length)..].StartsWith(label + Dashes, StringComparison.Ordinal))
            throw Malformed($"The block '{label}' at line {line} has an END line with another label. Restore the text from its source.");

        block = Decode(label, line, content[..end]);
        position = contentStart + end + End.Length + label.Length + Dashes.Length;
        return true;
    }

    private static PemBlock Decode(string label, int line, ReadOnlySpan<char> content)
    {
        if (content.Contains(':'))
        {
            return content.Contains("ENCRYPTED", StringComparison.Ordinal)
                ? new(label, line, [], IsTraditionallyEncrypted: true)
                : throw Malformed($"The block '{label}' at line {line} has headers, which are not supported. Remove the lines that contain a colon.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        var length = 0;
        try
        {
            if (!Convert.TryFromBase64Chars(content, buffer, out length) || length == 0)
            {
                throw Malformed(content.Contains('\\')
                    ? $"The block '{label}' at line {line} contains a backslash. Replace each '\\n' by a line break."
                    : $"The block '{label}' at line {line} is not valid base64. Restore the text from its source.");
            }

            var data = label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) ? SensitiveMemory.AllocateKey(length) : new byte[length];
            buffer.AsSpan(0, length).CopyTo(data);
            return new(label, line, data, IsTraditionallyEncrypted: false);
        }
        finally
        {
            SensitiveMemory.Return(buffer, length);
        }
    }

    private static int LineOf(ReadOnlySpan<char> text, int position) => text[..position].Count('\n') + 1;

    private static CertificateException Malformed(string message) => new(new(CertificateErrorKind.Malformed, message));
}
