namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2006Tests
{
    [Theory]
    [InlineData("public enum {|SCH2006:P|} { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("public enum {|SCH2006:P|} { Start, [Final] End }")]
    [InlineData("public class P { [{|SCH2006:Client<A>(1)|}] public int Start; }")]
    public Task Reports_transitions_without_a_declaration(string source) => DeclarationTest.CheckAsync(source);
}
