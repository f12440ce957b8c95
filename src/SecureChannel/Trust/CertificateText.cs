using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureChannel;

/// <summary>Names from certificates as text for people. A peer chose them: they are bounded, and nothing in them can move a cursor or break a line of a
/// log.</summary>
internal static class CertificateText
{
    private const int MaxLength = 120;
    private const int MaxNames = 8;

    public static string Of(X509Certificate2 certificate) => certificate.Subject.Length > 0
        ? $"the certificate of {Quote(certificate.Subject)}"
        : $"the certificate with the serial number {Quote(certificate.SerialNumber)}";

    public static string NamesOf(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == "2.5.29.17");
        if (extension is null)
            return "no names (a common name does not count)";

        var alternatives = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
        var names = alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString())).ToList();
        var listed = string.Join(", ", names.Take(MaxNames).Select(Quote));
        return names.Count == 0 ? "no names of hosts" : names.Count > MaxNames ? $"{listed} and {names.Count - MaxNames} more" : listed;
    }

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
