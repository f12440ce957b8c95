namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1016Tests
{
    [Theory]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(1)|}] public abstract partial record A; [Message] public partial record B(int X);")]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(1)|}] public abstract partial record A; public partial record B : A;")]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(256)|}, UnionCase<C>(1)] public abstract partial record A; [Message] public partial record B : A; [Message] public partial record C : A;")]
    public Task Reports_an_invalid_case(string source) => MessageTest.CheckAsync(source);
}
