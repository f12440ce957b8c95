namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2004Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start {|SCH2004:= 4|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start {|SCH2004:= 0|}, [Final] End {|SCH2004:= 1|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] End, Again {|SCH2004:= End|} }")]
    public Task Reports_a_state_with_an_explicit_value(string source) => DeclarationTest.CheckAsync(source);
}
