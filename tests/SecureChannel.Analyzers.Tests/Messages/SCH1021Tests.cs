namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1021Tests
{
    [Theory]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X);")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); public partial class Outer { [Message(1)] public partial record struct {|SCH1021:B|}(int X); }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Second)] First, [Client<B>(Last)] Second, [Final] Last }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Last)] First, [Final] Last }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\"), Anytime<B>] public enum P { [Client<A>(Last)] First, [Final] Last }")]
    [InlineData("[Message(1)] public partial record A(int X); [Message(1)] public partial record B(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Last)] First, [Final] Last } [Handshake(\"q/1\")] public enum Q { [Client<B>(Last)] First, [Established] Last }")]
    [InlineData("[Message(1)] public partial record A(int X); [Message(2)] public partial record B(int X); [Message] public partial record C(int X); [Message] public partial record D(int X);")]
    [InlineData("namespace One { [Message(1)] public partial record A(int X); } namespace Two { [Message(1)] public partial record A(int X); }")]
    [InlineData("[Message(1)] public partial record A(int X); public partial record A { public int Twice => 2 * X; }")]
    public Task Reports_a_code_of_two_messages_unless_they_belong_to_different_protocols(string source) => MessageTest.CheckAsync(source, informs: true);
}
