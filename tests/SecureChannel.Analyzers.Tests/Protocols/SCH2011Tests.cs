namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2011Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2011:Client<B>(Start)|}] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final, {|SCH2011:Anytime<B>|}] End }")]
    public Task Reports_a_transition_of_a_final_state(string source) => DeclarationTest.CheckAsync(source);
}
