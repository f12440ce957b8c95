namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2008Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2008:P|} { [Client<A>(Start)] Start }")]
    [InlineData("[Handshake(\"h/1\")] public enum {|SCH2008:P|} { [Client<A>(Next)] Start, [Server<B>(Start, Authenticates = Role.Server)] Next }")]
    public Task Reports_a_declaration_without_a_terminal_state(string source) => DeclarationTest.CheckAsync(source);
}
