namespace SecureChannel.Handshakes;

/// <summary>The content of an alert's record: level and description (RFC 9846 section 6).</summary>
internal static class AlertRecord
{
    private const byte Warning = 1;
    private const byte Fatal = 2;

    /// <summary>The two bytes of an alert.</summary>
    public static ReadOnlySpan<byte> Frame(AlertDescription alert) => new byte[] { alert is AlertDescription.CloseNotify or AlertDescription.UserCanceled ? Warning : Fatal, (byte)alert };

    /// <summary>Reads an alert. The level is not looked at: the description says it all (RFC 9846 section 6).</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, out AlertDescription alert)
    {
        alert = content is [_, var description] ? (AlertDescription)description : default;
        return content.Length == 2;
    }
}
