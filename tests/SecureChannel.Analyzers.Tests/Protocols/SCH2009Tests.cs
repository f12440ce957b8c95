namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2009Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Client<B>(End)] {|SCH2009:Island|}, [Final] End }")]
    public Task Reports_an_unreachable_state(string source) => DeclarationTest.CheckAsync(source);
}
