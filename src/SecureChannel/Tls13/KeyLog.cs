namespace SecureChannel.Tls13;

/// <summary>The log of the secrets of one session: lines of an SSLKEYLOGFILE (RFC 9850), which tools use to decrypt captured traffic.</summary>
/// <param name="write">Receives the lines.</param>
/// <param name="clientRandom">The random value of the ClientHello, which identifies the session.</param>
internal sealed class KeyLog(Action<string> write, ReadOnlyMemory<byte> clientRandom)
{
    /// <summary>Writes one secret.</summary>
    /// <param name="label">The label of the secret.</param>
    /// <param name="secret">The secret.</param>
    public void Write(string label, ReadOnlySpan<byte> secret) =>
        write($"{label} {Convert.ToHexStringLower(clientRandom.Span)} {Convert.ToHexStringLower(secret)}");
}
