namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2029Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next, CarriesEphemeralKey = true)] Start, [Server<B>(Open, Authenticates = Role.Server, CarriesEphemeralKey = true)] [Server<C>(Open, Authenticates = Role.Server)] Next, [{|SCH2029:Established|}] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server, CarriesEphemeralKey = true)] Next, [{|SCH2029:Established|}] Open }")]
    public Task Reports_a_handshake_without_forward_secrecy(string source) => DeclarationTest.CheckAsync(source, informs: true);
}
