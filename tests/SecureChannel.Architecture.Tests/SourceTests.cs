using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>Rules for every file of the repository.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_source_file_has_500_lines() =>
        None(Repository.Files("", ".cs"), file => File.ReadLines(Repository.PathOf(file)).Count() >= 500);

    [Fact]
    public void No_method_exceeds_60_lines() =>
        Assert.Equal([], new[] { "src/SecureChannel", "generators", "analyzers" }.SelectMany(folder => Repository.Files(folder, ".cs")).SelectMany(file =>
            CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(file))).GetRoot().DescendantNodes()
                .Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
                .Select(method => method.SyntaxTree.GetLineSpan(method.Span))
                .Where(span => span.EndLinePosition.Line - span.StartLinePosition.Line >= 60)
                .Select(span => $"{file}({span.StartLinePosition.Line + 1}): {span.EndLinePosition.Line - span.StartLinePosition.Line + 1} lines")));

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on()
    {
        // Spelled in halves, so that this file does not find itself.
        string[] machine = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/", @"\" + @"Users\"];
        None(Repository.Files(), file => machine.Any(File.ReadAllText(Repository.PathOf(file)).Contains));
    }

    [Fact]
    public void No_file_that_configures_the_build_names_a_registry()
    {
        string[] kinds = [".props", ".targets", ".csproj", ".config", ".sln", "packages.lock.json", "global.json", ".ci/run"];
        None(Repository.Files().Where(file => kinds.Any(file.EndsWith)), file => File.ReadAllText(Repository.PathOf(file)).Contains("://", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_model_and_the_rules_see_symbols() =>
        // A pipeline hands the symbol that it is given over to the model, by this cast, and looks at nothing.
        None(
            Repository.Files("generators/SecureChannel.Generators", ".cs"),
            file => Symbol.IsMatch(Code(file).Replace("(INamedTypeSymbol)", "", StringComparison.Ordinal)));

    [Fact]
    public void Only_emit_writes_csharp() =>
        None(
            Repository.Files("generators", ".cs").Where(file => !file.StartsWith("generators/SecureChannel.Generators/Emit/", StringComparison.Ordinal)),
            file => Writing.IsMatch(Code(file)));

    [Fact]
    public void Only_messages_and_headers_turn_bytes_into_numbers()
    {
        string[] rooms = ["src/SecureChannel/Messages/", "src/SecureChannel/Records/", "src/SecureChannel/Engine/HandshakeFraming.cs"];
        None(
            Repository.Files("src/SecureChannel", ".cs").Where(file => !rooms.Any(file.StartsWith)),
            file => Code(file).Contains("BinaryPrimitives.Read", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_ban_gives_its_reason() =>
        Assert.All(File.ReadLines(Repository.PathOf("src", "BannedSymbols.txt")), ban => Assert.Matches("^[MPTF]:[^;]+;.{5,}$", ban));

    [Fact]
    public void No_test_sleeps() =>
        // A soak is a program that runs in real time, not a test.
        None(Repository.Files("tests", ".cs").Where(file => !file.StartsWith("tests/SecureChannel.Simulation/Soak/", StringComparison.Ordinal)), file => CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(file))).GetRoot()
            .DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.Expression.ToString() is "Task.Delay" or "Thread.Sleep"));

    [Fact]
    public void No_test_asks_where_it_was_compiled() =>
        // A deterministic build tells it a path that is nowhere; Repository finds files.
        None(Repository.Files("tests", ".cs"), file => Code(file).Contains("Caller" + "FilePath", StringComparison.Ordinal));

    [GeneratedRegex(@"\bI(?:Named|Type|Method|Property|Field|Parameter|Assembly|Array)?(?:Type)?Symbol\b")]
    private static partial Regex Symbol { get; }

    [GeneratedRegex(@"new SourceWriter|\$+""""""|""\s*(?:namespace|public|internal|private) ")]
    private static partial Regex Writing { get; }

    private static void None(IEnumerable<string> files, Func<string, bool> wrong) => Assert.Equal([], files.Where(wrong));

    private static string Code(string file) =>
        string.Join('\n', File.ReadLines(Repository.PathOf(file)).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
