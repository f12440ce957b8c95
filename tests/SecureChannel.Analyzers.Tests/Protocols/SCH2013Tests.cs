namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2013Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:0|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:-1|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:2_073_601|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:double.NaN|})] Start, [Final] End }")]
    public Task Reports_a_deadline_out_of_range(string source) => DeclarationTest.CheckAsync(source);
}
