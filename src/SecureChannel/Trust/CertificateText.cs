using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureChannel;

/// <summary>A formatter of certificate names in error messages.</summary>
internal static class CertificateText
{
    private const int MaxNames = 8;

    /// <summary>Returns the start of an error message about a certificate, such as "The certificate 'CN=Root'".</summary>
    public static string Of(X509Certificate2 certificate) => Of(certificate.SubjectName.RawData, certificate.SerialNumberBytes);

    /// <summary>Returns the start of an error message about a certificate, such as "The certificate 'CN=Root'".</summary>
    public static string Of(ParsedCertificate certificate) => Of(certificate.Subject, certificate.SerialNumber);

    /// <summary>Returns the start of an error message about a certificate with a subject and a serial number.</summary>
    public static string Of(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> serialNumber) => Format(subject) is { Length: > 0 } name
        ? $"The certificate {PeerText.Quote(name)}"
        : $"The certificate with the serial number {PeerText.Quote(Convert.ToHexString(serialNumber.Span))}";

    /// <summary>Returns the quoted subject of a certificate.</summary>
    public static string SubjectOf(ParsedCertificate certificate) => PeerText.Quote(Format(certificate.Subject) ?? "");

    /// <summary>Returns the quoted issuer of a certificate.</summary>
    public static string IssuerOf(ParsedCertificate certificate) => PeerText.Quote(Format(certificate.Issuer) ?? "");

    /// <summary>Returns a clause that lists the DNS names and IP addresses of a certificate, such as "its names are 'bank.example'".</summary>
    public static string NamesOf(ParsedCertificate certificate)
    {
        if (certificate.Extensions.AlternativeNames is not { } alternatives)
            return "it has no subject alternative names, and its common name is ignored";

        var names = new List<string>();
        var reader = new DerReader(alternatives);
        while (GeneralNames.TryRead(ref reader, out var name))
        {
            if (name.Type == GeneralNameType.Dns)
                names.Add(Encoding.ASCII.GetString(name.Value.Span));
            else if (name.Type == GeneralNameType.IPAddress)
                names.Add(new IPAddress(name.Value.Span).ToString());
        }

        var listed = string.Join(", ", names.Take(MaxNames).Select(PeerText.Quote));
        return names.Count == 0 ? "its subject alternative names contain no DNS name or IP address"
            : names.Count > MaxNames ? $"its names are {listed} and {names.Count - MaxNames} more"
            : $"its names are {listed}";
    }

    private static string? Format(ReadOnlyMemory<byte> name)
    {
        try
        {
            return new X500DistinguishedName(name.Span).Name;
        }
        catch (CryptographicException)
        {
            // The platform decodes the text of a name when it is first read.
            return null;
        }
    }
}
