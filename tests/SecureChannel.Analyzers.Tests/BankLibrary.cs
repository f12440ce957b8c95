using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Generators;

namespace SecureChannel.Analyzers.Tests;

/// <summary>The bank's protocol with what our generators make of it: as a compiled library, and as source.</summary>
internal static class BankLibrary
{
    public const string Declarations = """
        using System.Threading.Tasks;
        using SecureChannel;
        using SecureChannel.Protocols;

        namespace Example;

        [Message(1)] public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);
        [Message(2)] public readonly partial record struct LoginAccepted(ulong Account);
        [Message(3)] public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);
        [Message(4)] public readonly partial record struct BalanceQuery(ulong Account);
        [Message(5)] public readonly partial record struct Balance(long Cents);
        [Message(6)] public readonly partial record struct Goodbye;
        [Message(7)] public readonly partial record struct Ping;

        [Protocol("bank/1")]
        public enum Bank
        {
            [Client<Login>(Authenticating)]
            Start,

            [Server<LoginAccepted>(Ready)]
            [Server<LoginRejected>(Closed)]
            Authenticating,

            [Client<BalanceQuery>(Answering)]
            [Client<Ping>(Ready)]
            [Client<Goodbye>(Closed)]
            Ready,

            [Server<Balance>(Ready)]
            Answering,

            [Final]
            Closed,
        }
        """;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    public static IReadOnlyList<MetadataReference> Platform { get; } =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    /// <summary>The declarations and what is generated from them.</summary>
    public static IReadOnlyList<SyntaxTree> Trees { get; } = Generate();

    /// <summary>The compiled library.</summary>
    public static MetadataReference Reference { get; } = Compile();

    private static SyntaxTree[] Generate()
    {
        var compilation = Create([CSharpSyntaxTree.ParseText(Declarations, Options, "Bank.cs")]);
        CSharpGeneratorDriver.Create(
                typeof(ProtocolGenerator).Assembly.GetTypes()
                    .Where(type => type.GetCustomAttribute<GeneratorAttribute>() is not null)
                    .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator()),
                parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return [.. generated.SyntaxTrees];
    }

    private static PortableExecutableReference Compile()
    {
        using var image = new MemoryStream();
        var result = Create(Trees).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static CSharpCompilation Create(IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        "Bank", trees, Platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
