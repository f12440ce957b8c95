using System.Globalization;
using System.Text;

namespace SecureChannel;

/// <summary>
/// A formatter of text that a peer chose, for error messages and logs. The result is short and contains no control, format, separator or private-use characters,
/// so that a peer cannot forge lines of a log or reverse the direction of text.
/// </summary>
internal static class PeerText
{
    private const int MaxLength = 120;
    private const int MaxMessageLength = 1000;
    private const int MaxNames = 8;

    /// <summary>Puts text in single quotes, shortens it, and escapes quotes and characters that are not printable.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        Append(quoted, text, MaxLength, escapesQuotes: true);
        return quoted.Append('\'').ToString();
    }

    /// <summary>Lists quoted names, at most eight of them.</summary>
    public static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Take(MaxNames + 1).Select((name, index) => index < MaxNames ? Quote(name) : "..."));

    /// <summary>Shortens a message, such as that of an exception, and escapes characters that are not printable.</summary>
    public static string Printable(string message)
    {
        var printable = new StringBuilder();
        Append(printable, message, MaxMessageLength, escapesQuotes: false);
        return printable.ToString();
    }

    private static void Append(StringBuilder output, string text, int maxLength, bool escapesQuotes)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (output.Length > maxLength)
            {
                output.Append("...");
                return;
            }

            if (escapesQuotes && rune.Value is ('\'' or '\\'))
                output.Append('\\').Append((char)rune.Value);
            else if (IsPrintable(rune))
                output.Append(rune.ToString());
            else
                output.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.Surrogate);
}
