namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1017Tests
{
    [Theory]
    [InlineData("[Union, UnionCase<B>(1), {|SCH1017:UnionCase<C>(1)|}] public abstract partial record A; [Message] public partial record B : A; [Message] public partial record C : A;")]
    [InlineData("[Union, UnionCase<B>(1), {|SCH1017:UnionCase<B>(2)|}] public abstract partial record A; [Message] public partial record B : A;")]
    public Task Reports_duplicate_tags_and_cases(string source) => MessageTest.CheckAsync(source);
}
