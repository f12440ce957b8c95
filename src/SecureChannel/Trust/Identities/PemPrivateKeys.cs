namespace SecureChannel;

/// <summary>A reader of private keys in PEM text: PKCS #8, encrypted PKCS #8, PKCS #1 and SEC 1.</summary>
internal static class PemPrivateKeys
{
    /// <summary>Reads all private keys of a text. Other blocks are ignored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="password">The password of encrypted keys, or null if none was given.</param>
    /// <param name="unusable">The exception of the first key that is encrypted or of an unsupported type, or null if every key can be used.</param>
    /// <returns>The keys, which the caller owns. Empty only if <paramref name="unusable"/> is not null.</returns>
    /// <exception cref="CertificateException">The text contains no private key, or a block is damaged.</exception>
    public static List<EncodedPrivateKey> Read(ReadOnlySpan<char> text, char[]? password, out CertificateException? unusable)
    {
        var blocks = PemBlock.ReadAll(text);
        List<EncodedPrivateKey> keys = [];
        unusable = null;
        try
        {
            foreach (var block in blocks.Where(block => block.IsPrivateKey))
            {
                try
                {
                    keys.Add(Decode(block, password));
                }
                catch (CertificateException exception) when (exception.Error.Kind is CertificateErrorKind.UnsupportedKey or CertificateErrorKind.WrongPassword)
                {
                    // Another key of the text may be the one that belongs to the certificate.
                    unusable ??= exception;
                }
            }

            return keys.Count > 0 || unusable is not null
                ? keys
                : throw new CertificateException(new(CertificateErrorKind.KeyMissing, DescribeMissing(blocks, text)));
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
        finally
        {
            PemBlock.Wipe(blocks);
        }
    }

    private static EncodedPrivateKey Decode(PemBlock block, char[]? password)
    {
        if (block.IsTraditionallyEncrypted)
        {
            throw Unsupported($"The block '{block.Label}' at line {block.Line} uses the traditional encryption of OpenSSL, which is not supported. "
                + "Convert the key with: openssl pkcs8 -topk8 -in key.pem -out key.p8.pem.");
        }

        return block.Label switch
        {
            "PRIVATE KEY" => EncodedPrivateKey.FromPkcs8(block.Data),
            "RSA PRIVATE KEY" => EncodedPrivateKey.FromPkcs1(block.Data),
            "EC PRIVATE KEY" => EncodedPrivateKey.FromSec1(block.Data),
            "ENCRYPTED PRIVATE KEY" => Decrypt(block, password),
            "OPENSSH PRIVATE KEY" => throw Unsupported(
                $"The private key at line {block.Line} has the format of OpenSSH, which is not supported. Convert it with: ssh-keygen -p -m PKCS8 -f key."),
            var label => throw Unsupported(
                $"The block '{label}' at line {block.Line} is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519, in PKCS #8 ('PRIVATE KEY')."),
        };
    }

    private static EncodedPrivateKey Decrypt(PemBlock block, char[]? password)
    {
        if (password is null)
        {
            throw new CertificateException(new(
                CertificateErrorKind.WrongPassword,
                $"The private key at line {block.Line} is encrypted. Use 'FromEncryptedPem' or 'FromEncryptedPemFile' and pass the password."));
        }

        return PasswordEncryption.DecryptKey(block.Data, password);
    }

    private static string DescribeMissing(List<PemBlock> blocks, ReadOnlySpan<char> text)
    {
        if (blocks.Exists(block => block.IsCertificate))
            return "The text contains certificates but no private key. Pass the text with the block 'PRIVATE KEY'.";
        if (blocks.Exists(block => block.Label.EndsWith("PUBLIC KEY", StringComparison.Ordinal)))
            return "The text contains a public key in place of a private key. Pass the text with the block 'PRIVATE KEY'.";
        if (blocks.Count > 0)
            return $"The text contains no private key, but '{blocks[0].Label}'. Expected a block 'PRIVATE KEY'.";
        return PemCertificates.IsPath(text) ? "The private key is the path of a file. Use the method whose name ends in 'File', or pass the content of the file."
            : text.IsWhiteSpace() ? "The text of the private key is empty. Expected a block 'PRIVATE KEY'."
            : "The text contains no PEM block. Expected a block 'PRIVATE KEY'.";
    }

    private static CertificateException Unsupported(string message) => new(new(CertificateErrorKind.UnsupportedKey, message));
}
