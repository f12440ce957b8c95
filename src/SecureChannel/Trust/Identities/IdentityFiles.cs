using System.Security.Cryptography;
using System.Text;

namespace SecureChannel;

/// <summary>A reader of the files of an identity. Each failure to read a file is an <see cref="IOException"/> on every operating system.</summary>
internal static class IdentityFiles
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The content. The caller wipes it if it is secret.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static byte[] ReadBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(
                Directory.Exists(path)
                    ? $"'{path}' is a folder. Pass the path of a file."
                    : $"Access to the file '{path}' was denied. Allow this process to read it.",
                exception);
        }
    }

    /// <summary>Decodes PEM text: UTF-8, or UTF-16 with a byte order mark, which some shells of Windows write.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <returns>The text. The caller wipes it if it is secret.</returns>
    /// <exception cref="CertificateException">The content is binary.</exception>
    public static char[] DecodePem(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0x30, ..])
        {
            throw new CertificateException(new(
                CertificateErrorKind.Malformed, "The file is binary (DER or PKCS #12), not PEM text. Use 'FromPkcs12File' for PKCS #12 and 'FromDer' for DER."));
        }

        return bytes switch
        {
            [0xFF, 0xFE, ..] => Decode(Encoding.Unicode, bytes[2..]),
            [0xFE, 0xFF, ..] => Decode(Encoding.BigEndianUnicode, bytes[2..]),
            _ => Decode(Encoding.UTF8, bytes),
        };
    }

    /// <summary>Returns the result of a function that reads the content of a file. Adds the name of the file to the error.</summary>
    /// <exception cref="CertificateException">The content cannot be used.</exception>
    public static TResult Read<TResult>(string path, byte[] content, Func<char[], TResult> read)
    {
        char[] text = [];
        try
        {
            return read(text = DecodePem(content));
        }
        catch (CertificateException exception)
        {
            throw AddPath(path, exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    /// <summary>Adds the path of the file to an exception.</summary>
    public static CertificateException AddPath(string path, CertificateException exception) =>
        new(exception.Error with { Message = $"'{path}': {exception.Error.Message}" }, exception.InnerException);

    private static char[] Decode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var text = GC.AllocateArray<char>(encoding.GetCharCount(bytes), pinned: true);
        encoding.GetChars(bytes, text);
        return text;
    }
}
