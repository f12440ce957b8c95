namespace SecureChannel;

/// <summary>The times of certificates (RFC 5280 section 4.1.2.5): UTCTime until 2049, GeneralizedTime afterwards, with seconds and in UTC.</summary>
internal static class CertificateTime
{
    /// <summary>Reads the next value, or returns null if it is not such a time.</summary>
    public static DateTime? Read(ref DerReader reader)
    {
        if (!reader.TryReadAny(out var tag, out var content, out _))
            return null;
        var text = content.Span;
        if (tag == DerReader.UtcTime && text.Length == 13)
        {
            var shortYear = ReadNumber(text[..2]);
            return Create(shortYear < 0 ? -1 : shortYear < 50 ? 2000 + shortYear : 1900 + shortYear, text[2..]);
        }

        if (tag != DerReader.GeneralizedTime || text.Length != 15)
            return null;

        // RFC 5280 requires UTCTime for years that it can express, but some authorities use GeneralizedTime for all, as other implementations accept.
        var year = 100 * ReadNumber(text[..2]) + ReadNumber(text[2..4]);
        return ReadNumber(text[..2]) < 0 || ReadNumber(text[2..4]) < 0 ? null : Create(year, text[4..]);
    }

    private static DateTime? Create(int year, ReadOnlySpan<byte> rest)
    {
        var (month, day) = (ReadNumber(rest[..2]), ReadNumber(rest[2..4]));
        var (hour, minute, second) = (ReadNumber(rest[4..6]), ReadNumber(rest[6..8]), ReadNumber(rest[8..10]));
        return year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60 && rest[10] == 'Z'
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc)
            : null;
    }

    private static int ReadNumber(ReadOnlySpan<byte> digits) =>
        char.IsAsciiDigit((char)digits[0]) && char.IsAsciiDigit((char)digits[1]) ? 10 * (digits[0] - '0') + digits[1] - '0' : -1;
}
