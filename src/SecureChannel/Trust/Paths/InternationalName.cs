using System.Globalization;
using System.Text;

namespace SecureChannel;

/// <summary>The conversion of international domain names to ASCII (RFC 5891 section 4, RFC 3492).</summary>
/// <remarks>
/// The platform's conversion depends on its culture data, so this one accepts less: letters, digits and marks, folded to lower case, in the form in which they
/// are given. A name that another implementation would map to different letters does not match, which is safe.
/// </remarks>
internal static class InternationalName
{
    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int InitialBias = 72;
    private const int InitialCodePoint = 0x80;
    private const int MaxLabelLength = 63;

    /// <summary>Returns the ASCII form of a name, or null if it cannot be converted.</summary>
    public static string? ToAscii(string name)
    {
        var labels = name.Split('.');
        for (var index = 0; index < labels.Length; index++)
        {
            if (Ascii.IsValid(labels[index]))
                continue;
            if (Encode(labels[index]) is not { } encoded)
                return null;
            labels[index] = encoded;
        }

        return string.Join('.', labels);
    }

    private static string? Encode(string label)
    {
        var points = new List<int>();
        if (label.Length > MaxLabelLength)
            return null;
        foreach (var rune in label.EnumerateRunes())
        {
            var lower = CaseFolding.ToLower(rune);
            if (!IsAllowed(lower))
                return null;
            points.Add(lower.Value);
        }

        var output = new StringBuilder("xn--");
        foreach (var point in points)
        {
            if (point < InitialCodePoint)
                output.Append((char)point);
        }

        var basic = output.Length - 4;
        if (basic > 0)
            output.Append('-');
        AppendPunycode(output, points, basic);
        return output.ToString();
    }

    private static bool IsAllowed(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '-'
        : rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    // RFC 3492 section 6.3. A label is short, so no value overflows.
    private static void AppendPunycode(StringBuilder output, List<int> points, int basic)
    {
        var (current, delta, bias, handled) = (InitialCodePoint, 0, InitialBias, basic);
        while (handled < points.Count)
        {
            var next = points.Where(point => point >= current).Min();
            delta += (next - current) * (handled + 1);
            current = next;
            foreach (var point in points)
            {
                if (point < current)
                    delta++;
                if (point != current)
                    continue;
                AppendNumber(output, delta, bias);
                bias = Adapt(delta, handled + 1, handled == basic);
                (delta, handled) = (0, handled + 1);
            }

            (delta, current) = (delta + 1, current + 1);
        }
    }

    private static void AppendNumber(StringBuilder output, int number, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Math.Clamp(k - bias, MinThreshold, MaxThreshold);
            if (number < threshold)
                break;
            output.Append(DigitOf(threshold + (number - threshold) % (Base - threshold)));
            number = (number - threshold) / (Base - threshold);
        }

        output.Append(DigitOf(number));
    }

    private static char DigitOf(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int count, bool isFirst)
    {
        const int skew = 38;
        const int damp = 700;
        delta = isFirst ? delta / damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - MinThreshold) * MaxThreshold / 2; k += Base)
            delta /= Base - MinThreshold;
        return k + (Base - MinThreshold + 1) * delta / (delta + skew);
    }
}
