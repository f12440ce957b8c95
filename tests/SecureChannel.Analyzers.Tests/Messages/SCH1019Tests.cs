namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1019Tests
{
    [Theory]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial record {|SCH1019:A|} { [UnknownCase] public sealed record Other(int Tag, ReadOnlyMemory<byte> Content) : A; } [Message] public partial record B : A;")]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial record {|SCH1019:A|} { [UnknownCase] public sealed record Other(byte Tag) : A; } [Message] public partial record B : A;")]
    public Task Reports_an_invalid_unknown_case(string source) => MessageTest.CheckAsync(source);
}
