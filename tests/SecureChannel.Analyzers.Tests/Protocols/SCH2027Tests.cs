namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2027Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum {|SCH2027:P|} { [Client<A>(Next)] Start, [Server<B>(Open)] Next, [Established] Open }")]
    public Task Reports_a_handshake_that_does_not_authenticate_the_server(string source) => DeclarationTest.CheckAsync(source);
}
