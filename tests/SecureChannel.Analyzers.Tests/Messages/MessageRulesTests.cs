using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Analyzers.Tests.Messages;

/// <summary>Tests of all rules about messages together.</summary>
public sealed class MessageRulesTests
{
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
    public Task No_rule_reports_a_valid_message(string source) => MessageTest.CheckAsync(source);

    [Theory]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int X);", "The length bound of 'A.X' has no effect: 'int' is encoded without a length here; remove [ByteLength]")]
    [InlineData("[Message] public partial record A([property: ByteLength(5, 7)] int[] X);", "The length bound of 'A.X' cannot be satisfied: each element has 4 bytes, and no multiple of 4 is within 5 to 7; change the bound, which counts bytes")]
    [InlineData("[Message] public partial record A(B First); [Message] public partial record B(A Back);", "'A' has infinite size: it always contains a message of its own type through A.First, B.Back; make one of these fields optional, a list or a union")]
    [InlineData("[Message] public partial class A { [Since(3)] public int X { get; set; } public int Y { get; set; } }", "The version of field 'A.Y' is not valid: it belongs to every version but follows a field of version 3; declare fields of later versions last")]
    public async Task Message_names_the_member_the_problem_and_the_remedy(string source, string message) =>
        Assert.Contains(message, (await MessageTest.ReportAsync(source)).Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Location_is_the_part_of_the_type_with_the_member_or_the_attribute()
    {
        var first = CSharpSyntaxTree.ParseText(MessageTest.Usings + "public partial class A { public int X { get; } }", path: "First.cs", cancellationToken: TestContext.Current.CancellationToken);
        var second = CSharpSyntaxTree.ParseText(MessageTest.Usings + "public class B { public int Y; } [Message] public partial class A : B;", path: "Second.cs", cancellationToken: TestContext.Current.CancellationToken);
        var found = await MessageTest.ReportAsync(first, second);
        Assert.Equal(["SCH1005 Second.cs", "SCH1006 First.cs"], found.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.FilePath}").Order());
    }
}
