namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2003Tests
{
    [Theory]
    [InlineData("public static class Outer { [Protocol(\"p/1\")] public enum {|SCH2003:P|} { [Client<A>(End)] Start, [Final] End } }")]
    [InlineData("[Protocol(\"p/1\")] file enum {|SCH2003:P|} { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [{|SCH2003:Handshake(\"p/1\")|}] public enum P { [Client<A>(End)] Start, [Final] End }")]
    public Task Reports_an_enum_for_which_no_code_can_be_generated(string source) => DeclarationTest.CheckAsync(source);
}
