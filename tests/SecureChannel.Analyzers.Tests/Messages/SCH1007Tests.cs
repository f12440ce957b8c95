namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1007Tests
{
    [Theory]
    [InlineData("[Message] public readonly partial record struct A(object {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A((int, DateTime)[] {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Action {|SCH1007:X|}, int Y, Uri {|SCH1007:Z|});")]
    [InlineData("[Message] public partial class A { public nint {|SCH1007:X|} { get; set; } }")]
    [InlineData("public record struct B(int X); [Message] public partial record struct A(B {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Dictionary<double, int> {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Dictionary<(int, int), int> {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A<T>(T X); [Message] public partial record B(A<object> {|SCH1007:X|}, A<int?> {|SCH1007:Y|}, A<List<int>> {|SCH1007:Z|});")]
    public Task Reports_a_field_type_without_an_encoding(string source) => MessageTest.CheckAsync(source);
}
