namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1012Tests
{
    [Theory]
    [InlineData("[Message] public partial record A([property: Remainder] string {|SCH1012:X|});")]
    [InlineData("[Message] public partial record A([property: Remainder] byte[] {|SCH1012:X|}, int Y);")]
    public Task Reports_a_misplaced_remainder(string source) => MessageTest.CheckAsync(source);
}
