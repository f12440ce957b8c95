using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>The code on the pages compiles, links and paths lead somewhere, and no page is too long.</summary>
public sealed partial class DocumentationTests
{
    private const string Docs = "src/SecureChannel/docs";
    private const int MaxReadmeLines = 150;
    private const int MaxDocsLines = 200;

    public static TheoryData<string> AllPages => [.. Repository.Files("", ".md")];

    public static TheoryData<string> DocsPages => [.. Repository.Files(Docs, ".md")];

    public static TheoryData<string> UserPages => [.. Repository.Files(Docs, ".md").Prepend("README.md")];

    [Theory]
    [MemberData(nameof(UserPages))]
    public async Task Code_of_a_page_compiles_without_errors_and_warnings(string page)
    {
        foreach (var compilation in new DocumentationPage(page).Compile())
        {
            var diagnostics = await DocumentationPage.GetDiagnosticsAsync(compilation, TestContext.Current.CancellationToken);
            Assert.Equal([], diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        }
    }

    [Fact]
    public void The_readme_fits_on_a_few_screens() => Assert.InRange(CountLines("README.md"), 1, MaxReadmeLines);

    [Theory]
    [MemberData(nameof(DocsPages))]
    public void A_docs_page_fits_on_a_few_screens(string page) => Assert.InRange(CountLines(page), 1, MaxDocsLines);

    [Theory]
    [MemberData(nameof(UserPages))]
    public void A_page_of_the_package_has_no_relative_links(string page) =>
        Assert.DoesNotContain(LinkTargets(page), target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'));

    [Fact]
    public void The_readme_names_each_docs_page_and_no_other()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));
        var named = DocsPageName.Matches(readme[readme.IndexOf("## Where to go next", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value);
        Assert.Equal(Repository.Files(Docs, ".md").Select(Path.GetFileName).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(DocsPages))]
    public void A_docs_page_that_another_one_names_exists(string page)
    {
        var named = DocsPageName.Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value);
        Assert.All(named, name => Assert.True(File.Exists(Repository.PathOf(Docs, name)), $"{page} names {name}, which does not exist."));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void The_target_of_each_relative_link_exists(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        var targets = LinkTargets(page).Select(target => target.Split('#')[0]).Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal));
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}, which does not exist."));
    }

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("README.md")]
    [InlineData("SECURITY.md")]
    public void Each_path_that_a_page_names_exists(string page)
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
                $"ARCHITECTURE.md names {member} in {file}, which does not contain it.");
        });
    }

    private static int CountLines(string page) => File.ReadAllLines(Repository.PathOf(page)).Length;

    private static IEnumerable<string> LinkTargets(string page) =>
        Link.Matches(Fence.Replace(File.ReadAllText(Repository.PathOf(page)), "")).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`([a-z-]+\.md)`")]
    private static partial Regex DocsPageName { get; }

    [GeneratedRegex(@"`((?:src|generators|analyzers|tests|\.ci)/[\w./-]+)`")]
    private static partial Regex CodePath { get; }

    [GeneratedRegex(@"`(?<member>[A-Za-z][\w.]*)` in `(?<file>(?:src|generators|analyzers|tests)/[\w./-]+\.cs)`")]
    private static partial Regex MemberOfFile { get; }
}
