using System.Text;

namespace SecureChannel;

/// <summary>
/// The conversion of letters to lower case for comparisons of names. The result does not depend on the culture data of the platform, which has different versions
/// and is absent with invariant globalization.
/// </summary>
internal static class CaseFolding
{
    // All letters below this code point, and those of the second range, had their case mappings in every supported version of the culture data: Latin, Greek,
    // Cyrillic and Armenian letters, with those of Vietnamese and ancient Greek in the second range.
    private const int FirstWithoutMapping = 0x0590;
    private const int FirstOfExtensions = 0x1E00;
    private const int LastOfExtensions = 0x1FFF;
    private const int LongS = 0x017F;

    /// <summary>Converts a letter to lower case. Letters of other scripts are returned unchanged.</summary>
    public static Rune ToLower(Rune rune) =>
        rune.Value is < FirstWithoutMapping or (>= FirstOfExtensions and <= LastOfExtensions) ? Rune.ToLowerInvariant(rune) : rune;

    /// <summary>Converts a text to lower case. The long s (U+017F) is an s, as in Unicode's case folding.</summary>
    public static string ToLower(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.Value == LongS ? "s" : ToLower(rune).ToString());
        return result.ToString();
    }
}
