namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2025Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] [{|SCH2025:Client<C>(Renewing)|}] Open, [Server<D>(Open)] Renewing }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [{|SCH2025,SCH2026:Established|}] [Server<A>(Open, Authenticates = Role.Server)] Start, [Established] Open }")]
    public Task Reports_application_data_before_the_handshake_is_complete(string source) => DeclarationTest.CheckAsync(source);
}
