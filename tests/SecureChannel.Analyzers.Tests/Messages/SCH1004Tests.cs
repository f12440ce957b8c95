namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1004Tests
{
    [Theory]
    [InlineData("[Message] public partial class A { public int X { get; set; } } public partial class A { public int {|SCH1004:Y|} { get; set; } }")]
    [InlineData("[Message] public partial struct A { public int X; } public partial struct A { public int {|SCH1004:Y|}; public int Z; }")]
    public Task Reports_fields_in_several_parts_of_a_type(string source) => MessageTest.CheckAsync(source);
}
