using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureChannel;

/// <summary>A formatter of certificate names in error messages. A peer chooses the names, so they are shortened, and control characters are escaped.</summary>
internal static class CertificateText
{
    private const int MaxLength = 120;
    private const int MaxNames = 8;

    /// <summary>Returns the start of an error message about a certificate, such as "The certificate 'CN=Root'".</summary>
    public static string Of(X509Certificate2 certificate) => certificate.Subject.Length > 0
        ? $"The certificate {Quote(certificate.Subject)}"
        : $"The certificate with the serial number {Quote(certificate.SerialNumber)}";

    /// <summary>Returns a clause that lists the DNS names and IP addresses of a certificate, such as "its names are 'bank.example'".</summary>
    public static string NamesOf(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == "2.5.29.17");
        if (extension is null)
            return "it has no subject alternative names, and its common name is ignored";

        var alternatives = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
        var names = alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString())).ToList();
        var listed = string.Join(", ", names.Take(MaxNames).Select(Quote));
        return names.Count == 0 ? "its subject alternative names contain no DNS name or IP address"
            : names.Count > MaxNames ? $"its names are {listed} and {names.Count - MaxNames} more"
            : $"its names are {listed}";
    }

    /// <summary>Puts text in single quotes, shortens it, and escapes quotes and characters that are not printable.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length > MaxLength)
            {
                quoted.Append("...");
                break;
            }

            if (rune.Value is '\'' or '\\')
                quoted.Append('\\').Append((char)rune.Value);
            else if (IsPrintable(rune))
                quoted.Append(rune.ToString());
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return quoted.Append('\'').ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.Surrogate);
}
