namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1003Tests
{
    [Theory]
    [InlineData("[Message] public static partial class {|SCH1003:A|};")]
    [InlineData("[Message] public abstract partial class {|SCH1003:A|} { public int X { get; set; } }")]
    [InlineData("[Message(3)] public abstract partial record {|SCH1003:A|}(int X);")]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial class {|SCH1003:A|}; [Message] public partial class B : A;")]
    public Task Reports_a_type_that_cannot_be_a_message_or_union(string source) => MessageTest.CheckAsync(source);
}
