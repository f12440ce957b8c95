using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>A file with CRLs, in DER or PEM, that is read again when it changes.</summary>
/// <param name="path">The path of the file.</param>
internal sealed class CrlFile(string path)
{
    private const string Label = "X509 CRL";

    private (DateTime WrittenAt, long Length) _stamp;

    /// <summary>Gets the CRLs of the last content that was read without an error.</summary>
    public ImmutableArray<CertificateRevocationList> Crls { get; private set; } = [];

    /// <summary>Gets the error of the last attempt to read the file, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CertificateException">The file contains no CRL, or a CRL that is not accepted.</exception>
    public void Load()
    {
        // The stamp is taken first, so that a change during the read is noticed later.
        var stamp = GetStamp();
        try
        {
            Crls = Read(IdentityFiles.ReadBytes(path));
            _stamp = stamp;
        }
        catch (CertificateException exception)
        {
            throw IdentityFiles.AddPath(path, exception);
        }
    }

    /// <summary>Reads the file if it has changed or could not be read before. A file that cannot be used leaves the earlier CRLs.</summary>
    /// <returns>True if the CRLs or the error changed; otherwise, false.</returns>
    public bool Refresh()
    {
        var before = Problem;
        try
        {
            if (before is null && GetStamp() == _stamp)
                return false;
            Load();
            Problem = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or CertificateException or UnauthorizedAccessException)
        {
            // A file that is being written can be incomplete; it is read again at the next look.
            Problem = exception.Message;
            return Problem != before;
        }
    }

    /// <summary>Reads CRLs in DER or PEM.</summary>
    /// <param name="content">The content, which must not change afterwards.</param>
    /// <exception cref="CertificateException">The content contains no CRL, or one that is not accepted.</exception>
    public static ImmutableArray<CertificateRevocationList> Read(byte[] content)
    {
        if (content is [DerReader.Sequence, ..])
            return [Parse(content, "The CRL")];
        var crls = ImmutableArray.CreateBuilder<CertificateRevocationList>();
        foreach (var block in PemBlock.ReadAll(IdentityFiles.DecodePem(content)))
        {
            if (block.Label == Label)
                crls.Add(Parse(block.Data, $"The block '{Label}' at line {block.Line}"));
        }

        return crls.Count > 0 ? crls.ToImmutable()
            : throw Malformed($"The content contains no CRL. Expected DER, or at least one PEM block '{Label}'.");
    }

    private static CertificateRevocationList Parse(byte[] encoded, string origin) =>
        CrlParser.Parse(encoded, out var crl) is { } reason ? throw Malformed($"{origin} {reason}. Replace it.") : crl!;

    private static CertificateException Malformed(string message) => new(new(CertificateErrorKind.Malformed, message));

    private (DateTime WrittenAt, long Length) GetStamp()
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
