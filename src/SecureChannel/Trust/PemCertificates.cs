using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>A strict reader of certificates in PEM text (RFC 7468 section 5).</summary>
internal static class PemCertificates
{
    /// <summary>
    /// Reads all certificates of a text: the blocks CERTIFICATE, X509 CERTIFICATE and TRUSTED CERTIFICATE. Other blocks and text between the blocks are
    /// ignored.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>At least one certificate, in the order of the text. The caller owns the certificates.</returns>
    /// <exception cref="CertificateException">The text contains no certificate, or a block is damaged.</exception>
    public static List<X509Certificate2> Read(ReadOnlySpan<char> text)
    {
        var blocks = PemBlock.ReadAll(text);
        try
        {
            return Read(blocks, text);
        }
        finally
        {
            PemBlock.Wipe(blocks);
        }
    }

    /// <summary>Reads all certificates of a text whose blocks were read already.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="text">The text, for the error message.</param>
    /// <returns>At least one certificate. The caller owns the certificates.</returns>
    /// <exception cref="CertificateException">There is no certificate, or a block is damaged.</exception>
    public static List<X509Certificate2> Read(List<PemBlock> blocks, ReadOnlySpan<char> text)
    {
        List<X509Certificate2> certificates = [];
        try
        {
            foreach (var block in blocks.Where(block => block.IsCertificate))
                certificates.Add(Decode(block));
            return certificates.Count > 0 ? certificates : throw new CertificateException(new(CertificateErrorKind.Malformed, DescribeMissing(blocks, text)));
        }
        catch
        {
            certificates.ForEach(certificate => certificate.Dispose());
            throw;
        }
    }

    /// <summary>Reads one certificate in DER.</summary>
    /// <param name="der">The certificate in DER, without other data.</param>
    /// <param name="origin">The start of the error message, such as "Certificate 2".</param>
    /// <returns>The certificate, which the caller owns.</returns>
    /// <exception cref="CertificateException">The data is not a certificate.</exception>
    public static X509Certificate2 Decode(ReadOnlySpan<byte> der, string origin)
    {
        try
        {
            if (AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out var tag, out _, out _, out var length)
                && tag.HasSameClassAndValue(Asn1Tag.Sequence) && length == der.Length)
                return X509CertificateLoader.LoadCertificate(der);
            throw Malformed(origin, null);
        }
        catch (CryptographicException exception) when (exception is not CertificateException)
        {
            throw Malformed(origin, exception);
        }
    }

    /// <summary>Returns a value that indicates whether a text is likely the path of a file.</summary>
    /// <param name="text">The text, without PEM blocks.</param>
    internal static bool IsPath(ReadOnlySpan<char> text)
    {
        var line = text.Trim();
        return line.Length is > 0 and < 1024 && !line.ContainsAny('\r', '\n')
            && (line.ContainsAny('/', '\\') || Path.GetExtension(line) is ".pem" or ".crt" or ".cer" or ".key" or ".der" or ".pfx" or ".p12" || File.Exists(line.ToString()));
    }

    private static X509Certificate2 Decode(PemBlock block)
    {
        // OpenSSL's TRUSTED CERTIFICATE appends trust settings, which have no meaning here, to the certificate.
        var der = block.Data.AsSpan();
        if (block.Label == "TRUSTED CERTIFICATE" && AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out _, out _, out _, out var length))
            der = der[..length];
        return Decode(der, $"The block '{block.Label}' at line {block.Line}");
    }

    private static string DescribeMissing(List<PemBlock> blocks, ReadOnlySpan<char> text)
    {
        if (blocks.Count == 0)
        {
            return IsPath(text) ? "The text is the path of a file. Use the method whose name ends in 'File', or pass the content of the file."
                : text.IsWhiteSpace() ? "The text is empty. Expected at least one block 'CERTIFICATE'."
                : "The text contains no PEM block. Expected at least one block 'CERTIFICATE'.";
        }

        if (blocks.Exists(block => block.IsPrivateKey))
            return "The text contains a private key in place of certificates. Pass the text with the blocks 'CERTIFICATE'.";
        return blocks[0].Label switch
        {
            "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST" =>
                "The text contains a certificate request. Pass the certificate that the authority issued for the request.",
            "PKCS7" or "CMS" => "The text contains PKCS #7 data. Convert it with: openssl pkcs7 -in certificates.p7b -print_certs -out certificates.pem.",
            var label => $"The text contains no certificate, but '{label}'. Expected at least one block 'CERTIFICATE'.",
        };
    }

    private static CertificateException Malformed(string origin, Exception? cause) =>
        new(new(CertificateErrorKind.Malformed, $"{origin} is not a certificate in DER. Restore it from its source."), cause);
}
