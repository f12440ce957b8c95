namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2016Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2016:AlsoA|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<SpecialA>(End)] [Client<{|SCH2016:AlsoA|}>(End)] Start, [Final] End }")]
    public Task Reports_two_messages_with_the_same_code(string source) => DeclarationTest.CheckAsync(source);
}
