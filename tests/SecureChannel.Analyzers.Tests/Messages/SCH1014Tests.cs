namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1014Tests
{
    [Theory]
    [InlineData("[Message] public partial record {|SCH1014:A|}(A Next);")]
    [InlineData("[Message] public partial record {|SCH1014:A|}(B First); [Message] public partial record {|SCH1014:B|}((int, A) Back);")]
    public Task Reports_a_message_of_infinite_size(string source) => MessageTest.CheckAsync(source);
}
