namespace SecureChannel.Tests.Sessions;

/// <summary>The combinations of security and transport that session tests run with.</summary>
internal static class Combinations
{
    public static IEnumerable<TheoryDataRow<string, TransportKind>> All =>
        from security in Securities
        from transport in Enum.GetValues<TransportKind>()
        select new TheoryDataRow<string, TransportKind>(security.Data, transport);

    public static IEnumerable<TheoryDataRow<string>> Securities =>
    [
        new(SessionSecurity.Tls13.Name),
        new(SessionSecurity.KeyTransport.Name),
        new(SessionSecurity.SslStream.Name),
    ];
}
