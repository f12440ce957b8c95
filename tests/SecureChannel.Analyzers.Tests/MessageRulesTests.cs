using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Tests;

/// <summary>Runs every rule about messages on a source, and compares what they report with the marks in it: <c>{|SCH1008:...|}</c>.</summary>
public sealed partial class MessageRulesTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.Collections.Immutable; using SecureChannel; using SecureChannel.Messages;\n";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
    [
        .. typeof(SCH1001MessageNotPartial).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.Name.StartsWith("SCH1", StringComparison.Ordinal) && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    [Theory]
    [InlineData("[Message] file partial record struct {|SCH1002:A|}(int X);")]
    [InlineData("file partial class Outer { [Message] public partial record struct {|SCH1002:A|}(int X); }")]
    [InlineData("[Union, UnionCase<B>(1)] file abstract partial record {|SCH1002:A|}; [Message] file partial record {|SCH1002:B|} : A;")]
    [InlineData("[Message] public static partial class {|SCH1003:A|};")]
    [InlineData("[Message] public abstract partial class {|SCH1003:A|} { public int X { get; set; } }")]
    [InlineData("[Message(3)] public abstract partial record {|SCH1003:A|}(int X);")]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial class {|SCH1003:A|}; [Message] public partial class B : A;")]
    [InlineData("[Message] public partial class A { public int X { get; set; } } public partial class A { public int {|SCH1004:Y|} { get; set; } }")]
    [InlineData("[Message] public partial struct A { public int X; } public partial struct A { public int {|SCH1004:Y|}; public int Z; }")]
    [InlineData("public class B { public int Y { get; set; } } [Message] public partial class {|SCH1005:A|} : B { public int X { get; set; } }")]
    [InlineData("public class C { private int _y; public int Y() => _y++; } public class B : C; [Message] public partial class {|SCH1005:A|} : B { public int X { get; set; } }")]
    [InlineData("[Message] public partial class A { public int {|SCH1006:X|} { get; } }")]
    [InlineData("[Message] public partial class {|SCH1006:A|}(int x) { public int Twice => 2 * x; }")]
    [InlineData("[Message] public partial class A { public A(long x) { } public int {|SCH1006:X|} { get; } }")]
    [InlineData("[Message] public readonly partial record struct A(object {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A((int, DateTime)[] {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Action {|SCH1007:X|}, int Y, Uri {|SCH1007:Z|});")]
    [InlineData("[Message] public partial class A { public nint {|SCH1007:X|} { get; set; } }")]
    [InlineData("public record struct B(int X); [Message] public partial record struct A(B {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Dictionary<double, int> {|SCH1007:X|});")]
    [InlineData("[Message] public partial record A(Dictionary<(int, int), int> {|SCH1007:X|});")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int {|SCH1008:X|});")]
    [InlineData("[Message] public partial struct A { [ByteLength(1, 4)] public bool {|SCH1008:X|}; }")]
    [InlineData("[Message] public partial record A([property: Remainder, ByteLength(1)] byte[] {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] int[] {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] string {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(1, 4)] Dictionary<string, string> {|SCH1008:X|});")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 3)] int[] {|SCH1009:X|}, [property: ByteLength(0, 7)] B {|SCH1009:Y|}); [Message] public partial record B(long I);")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(0)] string[] {|SCH1009:X|});")]
    [InlineData("[Message] public partial record A([property: ElementByteLength(2, 1)] string[] {|SCH1009:X|});")]
    [InlineData("[Message] public partial record A<T>(T X); [Message] public partial record B(A<object> {|SCH1007:X|}, A<int?> {|SCH1007:Y|}, A<List<int>> {|SCH1007:Z|});")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(2, 1)] string {|SCH1009:X|});")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(-1)] string {|SCH1009:X|});")]
    [InlineData("[Message] public partial record A([property: ByteLength(5, 7)] int[] {|SCH1009:X|});")]
    [InlineData("[Union, UnionCase<B>(1), ByteLength(2, 1)] public abstract partial record {|SCH1009:A|}; [Message] public partial record B : A;")]
    [InlineData("[Message] public partial record A([property: ClosedEnum] int {|SCH1010:X|});")]
    [InlineData("[Message] public partial record A([property: ClosedEnum] List<string> {|SCH1010:X|});")]
    [InlineData("public class C; [Message] public partial record A([property: Converter<C>] int {|SCH1011:X|});")]
    [InlineData("[Message] public partial record A([property: Remainder] string {|SCH1012:X|});")]
    [InlineData("[Message] public partial record A([property: Remainder] byte[] {|SCH1012:X|}, int Y);")]
    [InlineData("[Message] public partial record A([property: Since(0)] int {|SCH1013:X|} = 0);")]
    [InlineData("[Message] public partial record A([property: Since(1)] int {|SCH1013:X|});")]
    [InlineData("[Message] public partial class A { [Since(2)] public required int {|SCH1013:X|} { get; init; } }")]
    [InlineData("[Message] public partial record A([property: Since(3)] int X = 0, [property: Since(2)] int {|SCH1013:Y|} = 0);")]
    [InlineData("[Message] public partial class A { [Since(3)] public int X { get; set; } public int {|SCH1013:Y|} { get; set; } }")]
    [InlineData("[Message] public partial class A { [Since(3)] public int {|SCH1013:X|} { get; set; } [Remainder] public byte[] {|SCH1013:Y|} { get; set; } = []; }")]
    [InlineData("[Message] public partial record {|SCH1014:A|}(A Next);")]
    [InlineData("[Message] public partial record {|SCH1014:A|}(B First); [Message] public partial record {|SCH1014:B|}((int, A) Back);")]
    [InlineData("[Union(Tag = typeof(string)), UnionCase<B>(1)] public abstract partial record {|SCH1015:A|}; [Message] public partial record B : A;")]
    [InlineData("[Union(Tag = typeof(int)), UnionCase<B>(1)] public abstract partial record {|SCH1015:A|}; [Message] public partial record B : A;")]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(1)|}] public abstract partial record A; [Message] public partial record B(int X);")]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(1)|}] public abstract partial record A; public partial record B : A;")]
    [InlineData("[Union, {|SCH1016:UnionCase<B>(256)|}, UnionCase<C>(1)] public abstract partial record A; [Message] public partial record B : A; [Message] public partial record C : A;")]
    [InlineData("[Union, UnionCase<B>(1), {|SCH1017:UnionCase<C>(1)|}] public abstract partial record A; [Message] public partial record B : A; [Message] public partial record C : A;")]
    [InlineData("[Union, UnionCase<B>(1), {|SCH1017:UnionCase<B>(2)|}] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("[Union] public abstract partial record {|SCH1018:A|};")]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial record {|SCH1019:A|} { [UnknownCase] public sealed record Other(int Tag, ReadOnlyMemory<byte> Content) : A; } [Message] public partial record B : A;")]
    [InlineData("[Union, UnionCase<B>(1)] public abstract partial record {|SCH1019:A|} { [UnknownCase] public sealed record Other(byte Tag) : A; } [Message] public partial record B : A;")]
    public Task Flags(string source) => CheckAsync(source);

    [Theory]
    [InlineData("public class A { public object X; }")]
    [InlineData("[Message] internal partial record struct A(int X);")]
    [InlineData("[Message] public partial record A(Guid X, DateTimeOffset Y, TimeSpan Z, decimal V, Int128 W, Half H);")]
    [InlineData("[Message] public partial record A([property: ByteLength(4, 40)] int[] X, [property: ByteLength(16)] byte[] Y);")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 100)] Dictionary<string, (int, bool)> X);")]
    [InlineData("[Message] public partial class A { public int X { get; set; } public object Computed => X; private object _cache; public static object Shared; }")]
    [InlineData("[Message] public partial class A { public int X { get; set; } } public partial class A { public int Twice => 2 * X; }")]
    [InlineData("public class B { public int Twice() => 2; } [Message] public partial class A : B { public int X { get; set; } }")]
    [InlineData("[Message] public partial class A(int x) { public int X { get; } = x; }")]
    [InlineData("[Message] public partial class A { public A(int x, string y) { X = x; Y = y; } public int X { get; } public string Y { get; } }")]
    [InlineData("public enum E : byte { One } [Message] public partial record A([property: ClosedEnum] E X, [property: ClosedEnum] E[] Y);")]
    [InlineData("[Message] public partial record A(int X, [property: Remainder] byte[] Y);")]
    [InlineData("[Message] public partial record A(int X, [property: Since(2)] int Y = 0, [property: Since(3)] string Z = \"\");")]
    [InlineData("[Message] public partial record A(A? Next, A[] Others, Dictionary<int, A> Named);")]
    [InlineData("[Message] public partial record A(B Next); [Message] public partial record B(A? Back);")]
    [InlineData("[Union, UnionCase<B>(0), UnionCase<C>(255)] public abstract partial record A; [Message] public partial record B(int X) : A; [Message] public partial record C(A? Inner) : A;")]
    [InlineData("public enum E : ushort { One = 7 } [Union(Tag = typeof(E)), UnionCase<B>(E.One)] public abstract partial record A { [UnknownCase] public sealed record Other(E Tag, ReadOnlyMemory<byte> Content) : A; } [Message] public partial record B : A;")]
    [InlineData("[Union, ByteLength(0, 65535), UnionCase<B>(1)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("[Message] public readonly ref partial struct A { [ByteLength(0, 10)] public required ReadOnlySpan<byte> X { get; init; } }")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 4)] int[] X, [property: ByteLength(0, 8)] B Y, [property: ByteLength(0, 9)] A? Z, [property: ByteLength(0, 2)] U V); [Message] public partial record B(long I); [Union, UnionCase<C>(1)] public abstract partial record U; [Message] public partial record C : U;")]
    [InlineData("[Message] public partial record A<T>(T X) where T : IMessage<T>;")]
    [InlineData("[Message] public partial record A<T>(T X, List<T> Y); [Message] public partial record B(A<int> X, A<string> Y, A<DayOfWeek> Z, A<C> W); [Message] public partial record C(int X);")]
    [InlineData("[Message] public partial record A([property: ByteLength(2, 65535), ElementByteLength(1, 255)] List<string> X, [property: ElementByteLength(2)] byte[][] Y);")]
    [InlineData("[Message] public partial record A(Missing X);")]
    [InlineData("[Message] public partial record A(")]
    public Task Leaves_alone(string source) => CheckAsync(source);

    [Theory]
    [InlineData("[Message] public partial record A(string {|SCH1020:X|}, int Y, byte[] {|SCH1020:Z|});")]
    [InlineData("[Message] public partial record A(string? {|SCH1020:X|}, List<int> {|SCH1020:Y|}, Dictionary<int, int> {|SCH1020:Z|});")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 9)] string X, [property: ByteLength(4)] int[] Y, [property: Remainder] byte[] Z);")]
    [InlineData("public record A(string X);")]
    public Task Informs_of_a_vector_without_a_bound(string source) => CheckAsync(source, informs: true);

    [Theory]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X);")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); public partial class Outer { [Message(1)] public partial record struct {|SCH1021:B|}(int X); }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Second)] First, [Client<B>(Last)] Second, [Final] Last }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Last)] First, [Final] Last }")]
    [InlineData("[Message(1)] public partial record {|SCH1021:A|}(int X); [Message(1)] public partial record {|SCH1021:B|}(int X); [Protocol(\"p/1\"), Anytime<B>] public enum P { [Client<A>(Last)] First, [Final] Last }")]
    [InlineData("[Message(1)] public partial record A(int X); [Message(1)] public partial record B(int X); [Protocol(\"p/1\")] public enum P { [Client<A>(Last)] First, [Final] Last } [Handshake(\"q/1\")] public enum Q { [Client<B>(Last)] First, [Established] Last }")]
    [InlineData("[Message(1)] public partial record A(int X); [Message(2)] public partial record B(int X); [Message] public partial record C(int X); [Message] public partial record D(int X);")]
    [InlineData("namespace One { [Message(1)] public partial record A(int X); } namespace Two { [Message(1)] public partial record A(int X); }")]
    [InlineData("[Message(1)] public partial record A(int X); public partial record A { public int Twice => 2 * X; }")]
    public Task Informs_of_a_code_that_two_messages_share_unless_protocols_keep_them_apart(string source) => CheckAsync(source, informs: true);

    [Theory]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int X);", "'A.X' has a bound that bounds nothing: 'int' is written here without a length; remove [ByteLength]")]
    [InlineData("[Message] public partial record A([property: ByteLength(5, 7)] int[] X);", "'A.X' can have no size: each of its elements has 4 bytes, and no number of them has 5 to 7; change the bound, which counts bytes")]
    [InlineData("[Message] public partial record A(B First); [Message] public partial record B(A Back);", "'A' has no end: it always holds another of its own type, by way of A.First, B.Back; make one of these optional, a list or a union")]
    [InlineData("[Message] public partial class A { [Since(3)] public int X { get; set; } public int Y { get; set; } }", "'A.Y' cannot be added in a version: it belongs to every version and comes after a field of version 3; put fields of later versions last")]
    public async Task Says_what_is_wrong_where_and_what_to_do(string source, string message) =>
        Assert.Contains(message, (await ReportAsync(source)).Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Reports_a_field_in_the_file_that_declares_it_and_the_type_where_the_attribute_stands()
    {
        var first = CSharpSyntaxTree.ParseText(Usings + "public partial class A { public int X { get; } }", path: "First.cs", cancellationToken: TestContext.Current.CancellationToken);
        var second = CSharpSyntaxTree.ParseText(Usings + "public class B { public int Y; } [Message] public partial class A : B;", path: "Second.cs", cancellationToken: TestContext.Current.CancellationToken);
        var found = await ReportAsync(first, second);
        Assert.Equal(["SCH1005 Second.cs", "SCH1006 First.cs"], found.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.FilePath}").Order());
    }

    private static async Task CheckAsync(string source, bool informs = false)
    {
        var marks = new List<string>();
        var plain = Mark().Replace(source, match =>
        {
            marks.Add($"{match.Groups["id"].Value} {match.Groups["text"].Value}");
            return match.Groups["text"].Value;
        });
        var found = (await ReportAsync(plain)).Where(diagnostic => informs || diagnostic.Severity > DiagnosticSeverity.Info);
        Assert.Equal(marks.Order(), found.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}").Order());
    }

    private static Task<ImmutableArray<Diagnostic>> ReportAsync(string source) =>
        ReportAsync(CSharpSyntaxTree.ParseText(Usings + source, cancellationToken: TestContext.Current.CancellationToken));

    private static async Task<ImmutableArray<Diagnostic>> ReportAsync(params SyntaxTree[] files)
    {
        var compilation = CSharpCompilation.Create("Example", files, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var found = await compilation.WithAnalyzers(Rules).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
        return found;
    }

    [GeneratedRegex(@"\{\|(?<id>SCH\d+):(?<text>.*?)\|\}")]
    private static partial Regex Mark();
}
