namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1006Tests
{
    [Theory]
    [InlineData("[Message] public partial class A { public int {|SCH1006:X|} { get; } }")]
    [InlineData("[Message] public partial class {|SCH1006:A|}(int x) { public int Twice => 2 * x; }")]
    [InlineData("[Message] public partial class A { public A(long x) { } public int {|SCH1006:X|} { get; } }")]
    public Task Reports_a_message_that_cannot_be_constructed(string source) => MessageTest.CheckAsync(source);
}
