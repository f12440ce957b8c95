namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH1008RemoveBoundTests
{
    [Theory]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int [|X|]);", "[Message] public partial record struct A(int X);")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1), Obsolete] int [|X|]);", "[Message] public partial record struct A([property: Obsolete] int X);")]
    [InlineData(
        "[Message] public partial class A\n{\n    /// <summary>X.</summary>\n    [ByteLength(1)]\n    public int [|X|] { get; set; }\n}",
        "[Message] public partial class A\n{\n    /// <summary>X.</summary>\n    public int X { get; set; }\n}")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 40), ElementByteLength(1, 4)] int[] [|X|]);", "[Message] public partial record A([property: ByteLength(0, 40)] int[] X);")]
    public Task Removes_a_bound_without_effect(string source, string expected) => MessageFixTest.CheckAsync<SCH1008RemoveBound>("SCH1008", source, expected);
}
