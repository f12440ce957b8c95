namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2031Tests
{
    [Theory]
    [InlineData("[VariantOf<Part>] public readonly partial record struct {|SCH2031:SpecialPart|}; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:SpecialPart|}>(End)] Start, [Final] End }")]
    [InlineData("public static partial class Outer { [VariantOf<A>] public readonly partial record struct {|SCH2031:Inner|}; }")]
    [InlineData("[VariantOf<A>] public readonly record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<V>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<SpecialA>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<W>] public readonly partial record struct {|SCH2031:V|}; [VariantOf<V>] public readonly partial record struct {|SCH2031:W|};")]
    [InlineData("[VariantOf<Chunk>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<string>] public readonly partial record struct {|SCH2031:V|};")]
    public Task Reports_an_invalid_variant(string source) => DeclarationTest.CheckAsync(source);
}
