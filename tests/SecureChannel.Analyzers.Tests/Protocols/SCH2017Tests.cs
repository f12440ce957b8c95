namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2017Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:\"End\"|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:nameof(End)|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:1|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:(P)7|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:DayOfWeek.Monday|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:null!|})] [Client<B>(End)] Start, [Final] End }")]
    public Task Reports_a_target_that_is_not_a_state(string source) => DeclarationTest.CheckAsync(source);
}
