using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>A formatter of certificate names in error messages.</summary>
internal static class CertificateText
{
    private const int MaxNames = 8;

    /// <summary>Returns the start of an error message about a certificate, such as "The certificate 'CN=Root'".</summary>
    public static string Of(X509Certificate2 certificate)
    {
        try
        {
            if (certificate.Subject.Length > 0)
                return $"The certificate {PeerText.Quote(certificate.Subject)}";
        }
        catch (CryptographicException)
        {
            // The platform decodes the subject when it is first read.
        }

        return $"The certificate with the serial number {PeerText.Quote(certificate.SerialNumber)}";
    }

    /// <summary>Returns a clause that lists the DNS names and IP addresses of a certificate, such as "its names are 'bank.example'".</summary>
    public static string NamesOf(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == "2.5.29.17");
        if (extension is null)
            return "it has no subject alternative names, and its common name is ignored";

        var alternatives = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
        var names = alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString())).ToList();
        var listed = string.Join(", ", names.Take(MaxNames).Select(PeerText.Quote));
        return names.Count == 0 ? "its subject alternative names contain no DNS name or IP address"
            : names.Count > MaxNames ? $"its names are {listed} and {names.Count - MaxNames} more"
            : $"its names are {listed}";
    }
}
