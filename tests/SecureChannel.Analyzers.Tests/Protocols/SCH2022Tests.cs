namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2022Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2022:Other.A|}>(Start)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2022:B|}>(Start, As = \"A\")] Start, [Final] End }")]
    public Task Reports_two_messages_with_the_same_name(string source) => DeclarationTest.CheckAsync(source);
}
