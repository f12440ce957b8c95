using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>The C# of a documentation page: its blocks build on each other, and on the page's hidden context.</summary>
internal sealed partial class DocumentationPage
{
    private readonly List<(string Path, string Text)> _declarations;
    private readonly List<(string Path, string Text)> _programs;

    public DocumentationPage(string page)
    {
        var blocks = Blocks.Matches(File.ReadAllText(Repository.PathOf(page)).ReplaceLineEndings("\n"))
            .Select((match, index) => (Path: $"{page} block {index + 1}", Text: match.Groups[1].Value))
            .ToList();
        _programs = [.. blocks.Where(block => IsProgram(block.Text))];
        // A page imports each namespace once, where it first needs it.
        var usings = blocks.SelectMany(block => CSharpSyntaxTree.ParseText(block.Text, cancellationToken: TestContext.Current.CancellationToken).GetCompilationUnitRoot().Usings)
            .Select(directive => $"global {directive.ToString()}")
            .Distinct();
        _declarations = [.. blocks.Except(_programs), ("Usings", string.Join('\n', usings)), ("Context", ReaderContext.Of(Path.GetFileName(page)))];
    }

    /// <summary>Gets the sources to compile: each program with the page's declarations, or the declarations alone.</summary>
    public IReadOnlyList<IReadOnlyList<(string Path, string Text)>> Compilations =>
        _programs.Count == 0 ? [_declarations] : [.. _programs.Select(program => (IReadOnlyList<(string, string)>)[.. _declarations, program])];

    /// <summary>Gets a value that indicates whether the page has C# blocks that are programs.</summary>
    public bool HasPrograms => _programs.Count > 0;

    private static bool IsProgram(string code) => CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)
        .GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }
}
