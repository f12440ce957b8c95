namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2005Tests
{
    [Theory]
    [InlineData("[Protocol({|SCH2005:\"\"|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Protocol({|SCH2005:\"\\ud800/1\"|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Handshake({|SCH2005:\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"|})] public enum P { [Client<A>(Next)] Start, [Server<B>(End, Authenticates = Role.Server)] Next, [Established] End }")]
    [InlineData("[Protocol({|SCH2005:null!|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    public Task Reports_an_invalid_name(string source) => DeclarationTest.CheckAsync(source);
}
