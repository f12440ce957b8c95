namespace SecureChannel.Testing;

/// <summary>The combinations of handshake and transport that session tests are repeated for.</summary>
public static class Combinations
{
    /// <summary>Gets every handshake with every transport.</summary>
    public static IEnumerable<TheoryDataRow<string, TransportKind>> All =>
        from security in Securities
        from transport in Enum.GetValues<TransportKind>()
        select new TheoryDataRow<string, TransportKind>(security.Data, transport);

    /// <summary>Gets every handshake.</summary>
    public static IEnumerable<TheoryDataRow<string>> Securities =>
    [
        new(SessionSecurity.Tls13.Name),
        new(SessionSecurity.KeyTransport.Name),
        new(SessionSecurity.SslStream.Name),
    ];
}
