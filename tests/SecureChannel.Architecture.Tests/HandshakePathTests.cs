using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>Measures how many calls, in how many files, a reader follows from the engine to the handler of a handshake message.</summary>
public sealed class HandshakePathTests
{
    private const int MaxCalls = 12;
    private const int MaxFiles = 4;

    private const int MaxCallsInAll = 20;

    private static readonly Lazy<IReadOnlyDictionary<string, Path>> Paths = new(Measure);

    public static TheoryData<string> Names =>
    [
        "sample received", "sample sent from Start", "sample sent from Read", "Tls13 received", "Tls13 sent from Read",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_handshake_message_passes_few_calls_and_files_between_the_engine_and_its_handler(string name)
    {
        var path = Paths.Value[name];
        TestContext.Current.TestOutputHelper!.WriteLine(path.ToString());
        Assert.StartsWith("ChannelEngine.", path.Calls[0].Method, StringComparison.Ordinal);
        Assert.InRange(path.Calls.Count, 3, MaxCalls);
        Assert.InRange(path.Calls.Select(call => call.File).Distinct().Count(), 3, MaxFiles);
    }

    [Theory]
    [InlineData("all calls for a received message")]
    [InlineData("all calls for the message that Start sends")]
    public void A_handshake_message_needs_few_calls_in_all_until_the_next_state(string name)
    {
        var path = Paths.Value[name];
        TestContext.Current.TestOutputHelper!.WriteLine(path.ToString());
        Assert.InRange(path.Calls.Count, 3, MaxCallsInAll);
    }

    private static Dictionary<string, Path> Measure()
    {
        var compilation = Compiled.LibraryWith("HandshakePathProbe.cs", File.ReadAllText(Repository.PathOf("tests", "SecureChannel.Architecture.Tests", "HandshakePathProbe.txt")));
        foreach (var tree in compilation.SyntaxTrees.Where(tree => Counted(tree.FilePath)))
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(new CountingRewriter(tree.FilePath).Visit(tree.GetRoot()).ToFullString(), (CSharpParseOptions)tree.Options, tree.FilePath, Encoding.UTF8));
        var assembly = Load(compilation);
        var stacks = (List<(string Name, string[] Frames)>)assembly.GetType("SecureChannel.Probe.PathProbe", throwOnError: true)!.GetMethod("Run")!.Invoke(null, null)!;
        return stacks.ToDictionary(stack => stack.Name, stack => new Path([.. stack.Frames.Select(frame => frame.Split('|')).Select(parts => new Call(parts[0], parts[1]))]));
    }

    private static bool Counted(string path) =>
        path.StartsWith("src/SecureChannel/Engine/", StringComparison.Ordinal) || path.EndsWith("SampleClient.g.cs", StringComparison.Ordinal) || path == "HandshakePathProbe.cs";

    // Without optimization the runtime inlines nothing, so that every call is on the stack.
    private static Assembly Load(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.WithOptions(((CSharpCompilationOptions)compilation.Options).WithOptimizationLevel(OptimizationLevel.Debug)).Emit(assembly, symbols);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return Assembly.Load(assembly.ToArray(), symbols.ToArray());
    }

    // Inserts a call that counts at the start of each method: stacks show only the calls that have not returned.
    private sealed class CountingRewriter(string path) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
        {
            var type = node.Ancestors().OfType<TypeDeclarationSyntax>().First().Identifier.Text;
            if (type is "PathProbe" or "SampleKeys" || (node.Body is null && node.ExpressionBody is null))
                return node;
            var count = $"global::SecureChannel.Probe.PathProbe.Count(\"{type}.{node.Identifier.Text}|{path}\");";
            if (node.Body is not null)
                return node.WithBody(node.Body.WithStatements(node.Body.Statements.Insert(0, SyntaxFactory.ParseStatement(count))));
            var keyword = node.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } ? "" : "return ";
            var body = (BlockSyntax)SyntaxFactory.ParseStatement($"{{ {count} {keyword}{node.ExpressionBody!.Expression.ToFullString()}; }}");
            return node.WithBody(body).WithExpressionBody(null).WithSemicolonToken(default);
        }
    }

    private sealed record Path(IReadOnlyList<Call> Calls)
    {
        public override string ToString() => $"{Calls.Count} calls in {Calls.Select(call => call.File).Distinct().Count()} files:\n" + string.Join('\n', Calls.Select(call => $"{call.Method} in {call.File}"));
    }

    private sealed record Call(string Method, string File);
}
