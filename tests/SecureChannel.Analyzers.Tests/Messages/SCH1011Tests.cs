namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1011Tests
{
    [Theory]
    [InlineData("public class C; [Message] public partial record A([property: Converter<C>] int {|SCH1011:X|});")]
    public Task Reports_a_converter_for_another_type(string source) => MessageTest.CheckAsync(source);
}
