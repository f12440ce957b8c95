using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>What the pages show compiles, and where they point exists.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>What the blocks of README.md take from the reader's own program.</summary>
    private const string Preamble = """
        global using SecureChannel;
        global using SecureChannel.CodeAnalysis;
        global using SecureChannel.Protocols;
        global using System.Security.Cryptography.X509Certificates;
        global using static Reader;

        internal static class Reader
        {
            public static readonly X509Certificate2Collection roots = [];
            public static readonly string user = "", token = "";
            public static readonly Accounts accounts = new();
        }

        internal sealed class Accounts
        {
            public Task<Account?> FindAsync(Login login) => Task.FromResult<Account?>(null);

            public Task<long> CentsAsync(ulong account) => Task.FromResult(0L);
        }

        internal sealed record Account(ulong Id);
        """;

    public static TheoryData<string> Pages => [.. Repository.Files("", ".md")];

    [Fact]
    public void What_the_readme_shows_compiles()
    {
        var blocks = Fence.Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select((match, index) => ($"README block {index + 1}", match.Groups[1].Value)).ToList();
        var programs = blocks.Where(block => IsProgram(block.Value)).ToList();
        var declarations = blocks.Except(programs).Append(("Preamble", Preamble)).ToList();
        Assert.NotEmpty(programs);
        foreach (var program in programs)
        {
            var compilation = Compiled.AgainstLibrary([.. declarations, program], OutputKind.ConsoleApplication);
            Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Where_a_page_points_there_is_something(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        var targets = Link.Matches(Fence.Replace(File.ReadAllText(Repository.PathOf(page)), ""))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal));
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} points to {target}, which does not exist."));
    }

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("README.md")]
    [InlineData("SECURITY.md")]
    public void A_path_that_a_page_names_exists(string page)
    {
        var paths = CodePath.Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value.TrimEnd('/'));
        Assert.All(paths, path => Assert.True(Path.Exists(Repository.PathOf(path)), $"{page} names {path}, which does not exist."));
    }

    [Fact]
    public void Each_member_that_the_architecture_names_is_in_the_file_that_it_names()
    {
        var rows = MemberOfFile.Matches(File.ReadAllText(Repository.PathOf("ARCHITECTURE.md")));
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var (member, file) = (row.Groups["member"].Value.Split('.')[^1], row.Groups["file"].Value);
            Assert.True(
                Regex.IsMatch(File.ReadAllText(Repository.PathOf(file)), $@"\b{Regex.Escape(member)}\b"),
                $"ARCHITECTURE.md looks for {member} in {file}, where it is not.");
        });
    }

    private static bool IsProgram(string code) =>
        CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);

    [GeneratedRegex(@"```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`((?:src|generators|analyzers|tests|\.ci)/[\w./-]+)`")]
    private static partial Regex CodePath { get; }

    [GeneratedRegex(@"`(?<member>[A-Za-z][\w.]*)` in `(?<file>(?:src|generators|analyzers|tests)/[\w./-]+\.cs)`")]
    private static partial Regex MemberOfFile { get; }
}
