namespace SecureChannel.Handshakes;

/// <summary>The content of an alert record: level and description (RFC 9846 section 6).</summary>
internal static class AlertRecord
{
    private const byte Warning = 1;
    private const byte Fatal = 2;

    /// <summary>Returns the two bytes of an alert.</summary>
    public static ReadOnlySpan<byte> Frame(AlertDescription alert) => new byte[] { alert is AlertDescription.CloseNotify or AlertDescription.UserCanceled ? Warning : Fatal, (byte)alert };

    /// <summary>Tries to read an alert. The level is ignored, because the description implies it (RFC 9846 section 6).</summary>
    /// <returns>True if the content is an alert; otherwise, false.</returns>
    public static bool TryRead(ReadOnlySpan<byte> content, out AlertDescription alert)
    {
        alert = content is [_, var description] ? (AlertDescription)description : default;
        return content.Length == 2;
    }
}
