namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH1010RemoveClosedEnumTests
{
    [Theory]
    [InlineData("[Message] public partial record struct A([property: ClosedEnum] int [|X|]);", "[Message] public partial record struct A(int X);")]
    [InlineData("[Message] public partial class A { [ClosedEnum] public int [|X|] { get; set; } }", "[Message] public partial class A { public int X { get; set; } }")]
    public Task Removes_ClosedEnum_from_a_field_without_an_enum(string source, string expected) => MessageFixTest.CheckAsync<SCH1010RemoveClosedEnum>("SCH1010", source, expected);
}
