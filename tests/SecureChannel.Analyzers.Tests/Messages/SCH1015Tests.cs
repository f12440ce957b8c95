namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1015Tests
{
    [Theory]
    [InlineData("[Union(Tag = typeof(string)), UnionCase<B>(1)] public abstract partial record {|SCH1015:A|}; [Message] public partial record B : A;")]
    [InlineData("[Union(Tag = typeof(int)), UnionCase<B>(1)] public abstract partial record {|SCH1015:A|}; [Message] public partial record B : A;")]
    public Task Reports_an_unsupported_tag_type(string source) => MessageTest.CheckAsync(source);
}
