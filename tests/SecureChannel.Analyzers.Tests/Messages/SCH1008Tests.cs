namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1008Tests
{
    [Theory]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int {|SCH1008:X|});")]
    [InlineData("[Message] public partial struct A { [ByteLength(1, 4)] public bool {|SCH1008:X|}; }")]
    [InlineData("[Message] public partial record A([property: Remainder, ByteLength(1)] byte[] {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] int[] {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] string {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] Dictionary<string, string> {|SCH1008:X|});")]
    public Task Reports_a_length_bound_without_effect(string source) => MessageTest.CheckAsync(source);
}
