namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2028Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next, {|SCH2028:Authenticates = Role.Server|})] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Next, {|SCH2028:Authenticates = Role.Client|})] Next, [Established] Open }")]
    public Task Reports_a_message_that_authenticates_its_receiver(string source) => DeclarationTest.CheckAsync(source);
}
