namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1013Tests
{
    [Theory]
    [InlineData("[Message] public partial record A([property: Since(0)] int {|SCH1013:X|} = 0);")]
    [InlineData("[Message] public partial record A([property: Since(1)] int {|SCH1013:X|});")]
    [InlineData("[Message] public partial class A { [Since(2)] public required int {|SCH1013:X|} { get; init; } }")]
    [InlineData("[Message] public partial record A([property: Since(3)] int X = 0, [property: Since(2)] int {|SCH1013:Y|} = 0);")]
    [InlineData("[Message] public partial class A { [Since(3)] public int X { get; set; } public int {|SCH1013:Y|} { get; set; } }")]
    [InlineData("[Message] public partial class A { [Since(3)] public int {|SCH1013:X|} { get; set; } [Remainder] public byte[] {|SCH1013:Y|} { get; set; } = []; }")]
    public Task Reports_an_invalid_version(string source) => MessageTest.CheckAsync(source);
}
