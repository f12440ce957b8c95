using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Generators;

namespace SecureChannel.Analyzers.Tests;

/// <summary>A bank protocol, a chat and an upload with their generated code, as a compiled library and as source.</summary>
internal static class BankLibrary
{
    public const string Declarations = """
        using System.Threading.Tasks;
        using SecureChannel;
        using SecureChannel.CodeAnalysis;
        using SecureChannel.Protocols;

        namespace Example;

        [Message(1)] public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);
        [Message(2)] public readonly partial record struct LoginAccepted(ulong Account);
        [Message(3)] public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);
        [Message(4)] public readonly partial record struct BalanceQuery(ulong Account);
        [Message(5)] public readonly partial record struct Balance(long Cents);
        [Message(6)] public readonly partial record struct Goodbye;
        [Message(7)] public readonly partial record struct Ping;
        [Message(8)] public readonly partial record struct Join([property: ByteLength(1, 40)] string Name);
        [Message(9)] public readonly partial record struct Say([property: ByteLength(1, 200)] string Text);
        [Message(10)] public readonly partial record struct Leave;
        [Message(11)] public readonly partial record struct Chunk(int Number);
        [Message(12)] public readonly partial record struct Complete;
        [Message(13)] public readonly partial record struct Full;
        [Message(14)] public readonly partial record struct Stored;

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

        [Protocol("chat/1")]
        public enum Chat
        {
            [Client<Join>(Talking)]
            Start,

            [Client<Say>(Talking)]
            [Server<Say>(Talking)]
            [Client<Leave>(ClientLeft)]
            [Server<Leave>(ServerLeft)]
            Talking,

            [Server<Say>(ClientLeft)]
            [Server<Leave>(Closed)]
            ClientLeft,

            [Client<Say>(ServerLeft)]
            [Client<Leave>(Closed)]
            ServerLeft,

            [Final]
            Closed,
        }

        [Protocol("upload/1")]
        public enum Upload
        {
            [Client<Ping>(Uploading)]
            [Client<Goodbye>(Closed)]
            Ready,

            [Client<Chunk>(Uploading)]
            [Server<Full>(Refused)]
            [Client<Complete>(Verifying)]
            Uploading,

            [Server<Stored>(Ready)]
            [Server<Full>(Ready)]
            Verifying,

            [Client<Chunk>(Refused)]
            [Client<Complete>(Ready)]
            Refused,

            [Final]
            Closed,
        }
        """;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    public static IReadOnlyList<MetadataReference> Platform { get; } =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    /// <summary>Gets the declarations and the generated code.</summary>
    public static IReadOnlyList<SyntaxTree> Trees { get; } = Generate();

    /// <summary>Gets the compiled library.</summary>
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
