using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>Tests of the problems of invalid declarations. A problem has no location, so that each rule can report it in the file that it analyzes.</summary>
public sealed class MessageProblemTests
{
    [Theory]
    [InlineData("NotPartial A", "[Message] public record struct A(int X);")]
    [InlineData("NotPartial Outer", "public class Outer { [Message] public partial record struct A(int X); }")]
    [InlineData("FileLocal A", "[Message] file partial record struct A(int X);")]
    [InlineData("Static", "[Message] public static partial class A;")]
    [InlineData("AbstractMessage", "[Message] public abstract partial class A { public int X { get; set; } }")]
    [InlineData("UncertainOrder Y", "[Message] public partial class A { public int X { get; set; } } public partial class A { public int Y { get; set; } }")]
    [InlineData("InheritedState B", "public class B { public int Y { get; set; } } [Message] public partial class A : B { public int X { get; set; } }")]
    [InlineData("NoConstructor X", "[Message] public partial class A { public int X { get; } }")]
    [InlineData("NoConstructor", "[Message] public partial class A(int x) { public int Twice => 2 * x; }")]
    [InlineData("UnsupportedType X object it is no type of the presentation language, no message, and has no converter", "[Message] public partial record struct A(object X);")]
    [InlineData("UnsupportedType X Missing it does not exist", "[Message] public partial record struct A(Missing X);")]
    [InlineData("UnsupportedType X DateTime it is no type of the presentation language, no message, and has no converter", "[Message] public partial record A((int, System.DateTime)[] X);")]
    [InlineData("UnsupportedKey X double", "[Message] public partial record A(System.Collections.Generic.Dictionary<double, int> X);")]
    [InlineData("UnsupportedKey X (int, int)", "[Message] public partial record A(System.Collections.Generic.Dictionary<(int, int), int> X);")]
    [InlineData("UnsupportedKey X string?", "[Message] public partial record A(System.Collections.Immutable.ImmutableDictionary<string?, int> X);")]
    [InlineData("BoundWithoutVector X int", "[Message] public partial record struct A([property: ByteLength(1)] int X);")]
    [InlineData("ImpossibleBound X 2 1", "[Message] public partial record struct A([property: ByteLength(2, 1)] string X);")]
    [InlineData("ImpossibleBound X -1 -1", "[Message] public partial record struct A([property: ByteLength(-1)] string X);")]
    [InlineData("BoundWithoutMultiple X 5 7 4", "[Message] public partial record A([property: ByteLength(5, 7)] int[] X);")]
    [InlineData("BoundWithoutMultiple X 3 3 2", "[Message] public partial record A([property: ByteLength(3)] (bool, byte)[] X);")]
    [InlineData("BoundBelowContent X int 4 3", "[Message] public partial record A([property: ByteLength(0, 3)] int[] X);")]
    [InlineData("BoundBelowContent X B 23 22", "[Message] public partial record A([property: ByteLength(0, 22)] B X); [Message] public partial record B(int I, (byte, bool) T, E E, string S, [property: ByteLength(2, 300)] byte[] M, [property: ByteLength(3)] byte[] N, int? O, C P, [property: Since(2)] int Q = 0); [Message] public partial record C(short S, A? Again, [property: Remainder] byte[] More); public enum E : uint;")]
    [InlineData("BoundBelowContent X B 8 7", "[Message] public partial record A([property: ByteLength(0, 7)] B[] X); [Message] public partial record B(long I);")]
    [InlineData("BoundBelowContent X B 8 7", "[Message] public partial record A([property: ElementByteLength(1, 7)] B[] X); [Message] public partial record B(long I);")]
    [InlineData("ElementBoundWithoutBytes X", "[Message] public partial record A([property: ElementByteLength(0)] string[] X);")]
    [InlineData("ElementBoundWithoutVector X int[]", "[Message] public partial record A([property: ElementByteLength(1)] int[] X);")]
    [InlineData("UnsupportedType X B<object> a generic message cannot hold object", "[Message] public partial record A(B<object> X); [Message] public partial record B<T>(T X);")]
    [InlineData("UnsupportedType X T? of an argument that is a struct, null is no value: constrain the parameter to class or struct", "[Message] public partial record A<T>(T? X);")]
    [InlineData("ClosedWithoutEnum X int", "[Message] public partial record A([property: ClosedEnum] int X);")]
    [InlineData("RemainderWithoutBytes X string", "[Message] public partial record A([property: Remainder] string X);")]
    [InlineData("RemainderNotLast X Y", "[Message] public partial record A([property: Remainder] byte[] X, int Y);")]
    [InlineData("RemainderAsArgument Y B<C> C", "[Message] public partial record A(B<C> Y); [Message] public partial record B<T>(T X) where T : SecureChannel.Messages.IMessage<T>; [Message] public partial record C([property: Remainder] byte[] X);")]
    [InlineData("BoundWithoutVector X byte[]", "[Message] public partial record A([property: Remainder, ByteLength(1)] byte[] X);")]
    [InlineData("SinceOutOfRange X 0", "[Message] public partial record A([property: Since(0)] int X = 0);")]
    [InlineData("SinceWithoutDefault X", "[Message] public partial record A([property: Since(1)] int X);")]
    [InlineData("SinceWithoutDefault X", "[Message] public partial class A { [Since(2)] public required int X { get; init; } }")]
    [InlineData("SinceOutOfOrder Y 3 2", "[Message] public partial record A([property: Since(3)] int X = 0, [property: Since(2)] int Y = 0);")]
    [InlineData("SinceOutOfOrder Y 3 0", "[Message] public partial class A { [Since(3)] public int X { get; set; } public int Y { get; set; } }")]
    [InlineData("SinceBesideRemainder X", "[Message] public partial class A { [Since(3)] public int X { get; set; } [Remainder] public byte[] Y { get; set; } = []; }")]
    [InlineData("ConverterMismatch X C int", "[Message] public partial record A([property: Converter<C>] int X); public class C : SecureChannel.Messages.IConverter<string> { }")]
    [InlineData("EndlessRecursion A.Next", "[Message] public partial record A(A Next);")]
    [InlineData("EndlessRecursion A.First B.Back", "[Message] public partial record A(B First); [Message] public partial record B((int, A) Back);")]
    [InlineData("UnionNotAbstractRecord", "[Union] public partial record A;")]
    [InlineData("UnionNotAbstractRecord", "[Union] public abstract partial class A;")]
    [InlineData("NoCase", "[Union] public abstract partial record A;")]
    [InlineData("CaseNotDerived B", "[Union, UnionCase<B>(1)] public abstract partial record A; [Message] public partial record B(int X);")]
    [InlineData("CaseNotDerived B", "[Union, UnionCase<B>(1)] public abstract partial record A; public partial record B : A;")]
    [InlineData("DuplicateTag 1 B C", "[Union, UnionCase<B>(1), UnionCase<C>(1)] public abstract partial record A; [Message] public partial record B : A; [Message] public partial record C : A;")]
    [InlineData("DuplicateCase B", "[Union, UnionCase<B>(1), UnionCase<B>(2)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("TagOutOfRange B 256", "[Union, UnionCase<B>(256)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("TagOutOfRange B -1", "[Union, UnionCase<B>(-1)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("UnsupportedTag string", "[Union(Tag = typeof(string)), UnionCase<B>(1)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("ImpossibleBound 2 1", "[Union, UnionCase<B>(1), ByteLength(2, 1)] public abstract partial record A; [Message] public partial record B : A;")]
    [InlineData("MalformedUnknownCase Other byte", "[Union] public abstract partial record A { [UnknownCase] public sealed record Other(int Tag, System.ReadOnlyMemory<byte> Content) : A; }")]
    public void An_invalid_declaration_has_a_problem(string problem, string declaration)
    {
        var reading = Read(declaration);
        Assert.Null(reading.Model);
        Assert.Contains(problem, reading.Problems.Select(found => string.Join(' ', new[] { $"{found.Kind}", found.Member }.Concat(found.Arguments).Where(part => part.Length > 0))));
    }

    [Theory]
    [InlineData("[Message] public partial record A(A? Next, A[] Others, System.Collections.Generic.Dictionary<int, A> Named);")]
    [InlineData("[Message] public partial record A(B Next); [Message] public partial record B(A? Back);")]
    [InlineData("[Message] public partial record A(B First, B Second); [Message] public partial record B(int X);")]
    public void A_valid_declaration_has_no_problem(string declaration)
    {
        var reading = Read(declaration);
        Assert.Empty(reading.Problems);
        Assert.NotNull(reading.Model);
    }

    [Fact]
    public void All_problems_are_reported_at_once_and_equal_declarations_have_equal_results()
    {
        const string Declaration = "[Message] public record A(object X, [property: ByteLength(3)] int Y);";
        Assert.Equal(
            [MessageProblemKind.NotPartial, MessageProblemKind.UnsupportedType, MessageProblemKind.BoundWithoutVector], Read(Declaration).Problems.Select(problem => problem.Kind));
        Assert.Equal(Read(Declaration), Read("/* moved */\n\n" + Declaration));
        Assert.NotEqual(Read(Declaration), Read(Declaration.Replace("X", "Z", StringComparison.Ordinal)));
    }

    private static MessageReading Read(string declaration)
    {
        var compilation = CSharpCompilation.Create(
            "Tests",
            [CSharpSyntaxTree.ParseText("#nullable enable\nusing SecureChannel;\n" + declaration)],
            [.. Basic.Reference.Assemblies.Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var type = compilation.GetSymbolsWithName(name => name == "A", SymbolFilter.Type).OfType<INamedTypeSymbol>().Single();
        return MessageReader.Read(type, TestContext.Current.CancellationToken);
    }
}
