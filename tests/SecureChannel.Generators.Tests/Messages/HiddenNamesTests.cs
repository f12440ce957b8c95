using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>Tests of types and namespaces of the user that have the names of types in generated code.</summary>
public sealed class HiddenNamesTests
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    // The names of types that generated code uses, and of types that it could use.
    private static readonly string[] Names =
    [
        "WireReader", "WireWriter", "WireSerializer", "WirePosition", "WireErrorReason", "IMessage", "ICodedMessage", "IUnion", "MapKeys", "MapEntries", "ListBuilder",
        "FixedFields", "Views", "Lists", "Numbers", "Texts", "Maps", "Unions", "Optionals", "Dates", "Decimals", "Arguments", "Converters", "ClosedEnums", "RequiredValues",
        "Step", "Role", "Task", "ValueTask", "DateTimeOffset", "TimeSpan", "Guid", "Half", "Int128", "DateOnly", "ReadOnlySpan", "ReadOnlyMemory", "List", "Dictionary",
        "ImmutableArray", "ImmutableCollectionsMarshal", "Unsafe", "MethodImpl", "MethodImplAttribute", "GeneratedCode", "GeneratedCodeAttribute", "Exception", "Color",
    ];

    // Messages with every form of field, whose own types are in the namespace Shared.
    private const string Messages = """
        [global::SecureChannel.Message(1)]
        public sealed partial record Everything(
            int Number, bool IsOpen, global::System.DateTimeOffset At, global::System.Guid Id, global::System.TimeSpan Length, global::System.Half Half, global::System.Int128 Wide,
            global::System.DateOnly Day, global::System.TimeOnly? Hour, decimal Amount, string Text, string Optional, int? Maybe, byte[] Bytes, global::System.ReadOnlyMemory<byte> Memory,
            global::Shared.Color Color, [property: global::SecureChannel.ClosedEnum] global::Shared.Color Closed,
            int[] Numbers, string[] Texts, Item[] Items, global::System.Collections.Generic.List<Item> List,
            global::System.Collections.Generic.List<(int, string)> Pairs, global::System.Collections.Immutable.ImmutableArray<Item> Fixed,
            global::System.Collections.Generic.Dictionary<int, Item> Map, global::System.Collections.Immutable.ImmutableDictionary<int, string> FixedMap,
            (int Left, Item Right) Pair, Shape Shape, Sheet<Item> Sheet, [property: global::SecureChannel.ByteLength(0, 90)] Item Boxed,
            [property: global::SecureChannel.Since(2)] int Later = 1);

        [global::SecureChannel.Message] public sealed partial record Item(byte Value);
        [global::SecureChannel.Message] public sealed partial record Sheet<T>(T Content) where T : global::SecureChannel.Messages.IMessage<T>;
        [global::SecureChannel.Message] public sealed partial record Checked(int Value)
        {
            public int Value { get; init; } = Value > 0 ? Value : throw new global::System.ArgumentException("too small");
        }

        [global::SecureChannel.Message] public ref partial struct View
        {
            [global::SecureChannel.ByteLength(0, 9)] public global::System.ReadOnlySpan<byte> Title;
            public int Number;
            public long? Maybe;
            public Inner Inner;
        }

        [global::SecureChannel.Message] public ref partial struct Inner { [global::SecureChannel.ByteLength(0, 9)] public global::System.ReadOnlySpan<byte> Content; }

        [global::SecureChannel.Union(Tag = typeof(global::Shared.Color)), global::SecureChannel.UnionCase<Circle>(global::Shared.Color.Red)]
        public abstract partial record Shape
        {
            [global::SecureChannel.UnknownCase] public sealed record Other(global::Shared.Color Tag, global::System.ReadOnlyMemory<byte> Content) : Shape;
        }

        [global::SecureChannel.Message] public sealed partial record Circle(int Radius) : Shape;
        """;

    [Theory]
    [InlineData("")]
    [InlineData("Bank")]
    [InlineData("SecureChannel")]
    [InlineData("SecureChannel.Bank")]
    [InlineData("SecureChannel.Messages")]
    [InlineData("SecureChannel.CompilerServices.Bank")]
    [InlineData("Bank.SecureChannel")]
    [InlineData("Bank.SecureChannel.Messages")]
    [InlineData("Bank.System")]
    [InlineData("System.Bank")]
    public void Types_of_the_user_do_not_hide_the_types_in_generated_code(string @namespace)
    {
        // In the library's own namespaces, a type with the same name would replace the library's type for the user's code, too.
        var types = @namespace is "SecureChannel" or "SecureChannel.Messages" ? "" : string.Concat(Names.Select(name => $"public class {name};\n"));
        AssertCompiles((@namespace.Length == 0 ? "" : $"namespace {@namespace};\n") + types + Messages);
    }

    [Theory]
    [InlineData("Bank.SecureChannel")]
    [InlineData("Bank.System")]
    [InlineData("Bank.Messages")]
    [InlineData("Bank.CompilerServices")]
    [InlineData("Bank.Shared")]
    [InlineData("Bank.Bank")]
    public void Namespaces_of_the_user_do_not_hide_the_namespaces_in_generated_code(string other) =>
        AssertCompiles($"namespace {other} {{ public class Hidden; }}\nnamespace Bank\n{{\n{Messages}\n}}");

    [Fact]
    public void Nested_types_and_inherited_types_of_the_user_do_not_hide_the_types_in_generated_code()
    {
        var types = string.Concat(Names.Select(name => $"public class {name};\n"));
        AssertCompiles($"public partial class Outer\n{{\n{types}{Messages}\n}}");
        AssertCompiles($"namespace Bank;\npublic class Parent\n{{\n{types}\n}}\n[global::SecureChannel.Message] public partial class Child : Parent {{ public int Number {{ get; set; }} public global::Shared.Color Tint {{ get; set; }} }}");
    }

    private static void AssertCompiles(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Tests",
            [Parse(source), Parse("namespace Shared { public enum Color : ushort { Red = 1 } }")],
            [.. Basic.Reference.Assemblies.Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var result = CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, TestContext.Current.CancellationToken)
            .GetRunResult();
        Assert.NotEmpty(result.GeneratedTrees);
        Assert.All(result.GeneratedTrees, tree => Assert.Contains("[global::System.CodeDom.Compiler.GeneratedCode(", tree.ToString(), StringComparison.Ordinal));
        // CS0436: a type of this compilation replaces a type of a reference.
        var generated = result.GeneratedTrees.ToHashSet();
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(found => found.Severity == DiagnosticSeverity.Error || found.Severity == DiagnosticSeverity.Warning && generated.Contains(found.Location.SourceTree!)));
    }

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Options);
}
