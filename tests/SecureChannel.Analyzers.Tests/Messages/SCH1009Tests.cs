namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1009Tests
{
    [Theory]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 3)] int[] {|SCH1009:X|}, [property: ByteLength(0, 7)] B {|SCH1009:Y|}); [Message] public partial record B(long I);")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(0)] string[] {|SCH1009:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(2, 1)] string[] {|SCH1009:X|});")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(2, 1)] string {|SCH1009:X|});")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(-1)] string {|SCH1009:X|});")]
    [InlineData("[Message] public partial record A([property: ByteLength(5, 7)] int[] {|SCH1009:X|});")]
    [InlineData("[Union, UnionCase<B>(1), ByteLength(2, 1)] public abstract partial record {|SCH1009:A|}; [Message] public partial record B : A;")]
    public Task Reports_a_length_bound_that_cannot_be_satisfied(string source) => MessageTest.CheckAsync(source);
}
