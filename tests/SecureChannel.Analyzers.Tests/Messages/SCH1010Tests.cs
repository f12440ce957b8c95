namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1010Tests
{
    [Theory]
    [InlineData("[Message] public partial record A([property: ClosedEnum] int {|SCH1010:X|});")]
    [InlineData("[Message] public partial record A([property: ClosedEnum] List<string> {|SCH1010:X|});")]
    public Task Reports_ClosedEnum_without_an_enum(string source) => MessageTest.CheckAsync(source);
}
