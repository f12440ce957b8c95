namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1020Tests
{
    [Theory]
    [InlineData("[Message] public partial record A(string {|SCH1020:X|}, int Y, byte[] {|SCH1020:Z|});")]
    [InlineData("[Message] public partial record A(string? {|SCH1020:X|}, List<int> {|SCH1020:Y|}, Dictionary<int, int> {|SCH1020:Z|});")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 9)] string X, [property: ByteLength(4)] int[] Y, [property: Remainder] byte[] Z);")]
    [InlineData("public record A(string X);")]
    public Task Reports_a_field_without_a_bound(string source) => MessageTest.CheckAsync(source, informs: true);
}
