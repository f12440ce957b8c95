namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2015Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [{|SCH2015:Client<A>(Start)|}] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End), {|SCH2015:Client<A>(End)|}] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [{|SCH2015:Anytime<A>(Role.Client)|}] public enum P { [Client<A>(End)] Start, [Final] End }")]
    public Task Reports_two_transitions_for_one_message(string source) => DeclarationTest.CheckAsync(source);
}
