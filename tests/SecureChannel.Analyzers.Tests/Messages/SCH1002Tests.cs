namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1002Tests
{
    [Theory]
    [InlineData("[Message] file partial record struct {|SCH1002:A|}(int X);")]
    [InlineData("file partial class Outer { [Message] public partial record struct {|SCH1002:A|}(int X); }")]
    [InlineData("[Union, UnionCase<B>(1)] file abstract partial record {|SCH1002:A|}; [Message] file partial record {|SCH1002:B|} : A;")]
    public Task Reports_a_file_local_message_type(string source) => MessageTest.CheckAsync(source);
}
