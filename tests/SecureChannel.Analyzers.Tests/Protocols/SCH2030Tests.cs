namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2030Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Again)] Next, [Server<{|SCH2030:B|}>(Open, Authenticates = Role.Server)] Again, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Again, Authenticates = Role.Server)] Next, [Client<{|SCH2030:Other.A|}>(Open)] Again, [Established] Open }")]
    public Task Reports_conflicting_handler_names(string source) => DeclarationTest.CheckAsync(source);
}
