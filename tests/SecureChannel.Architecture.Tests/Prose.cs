using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>The English of the repository: comments, documentation, texts in strings, and pages.</summary>
internal static partial class Prose
{
    /// <summary>Gets each passage of the sources and pages that a person reads, without code.</summary>
    public static IEnumerable<Passage> Passages => Sources.SelectMany(OfSource).Concat(Repository.Files("", ".md").SelectMany(OfPage));

    /// <summary>Gets each element of a documentation comment with one of some names, in the sources and the tests.</summary>
    /// <param name="names">The names of the elements, such as <c>summary</c>.</param>
    public static IEnumerable<Passage> Elements(params string[] names) => Repository.Files("", ".cs").SelectMany(file =>
        Parse(file).GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<XmlElementSyntax>()
            .Where(element => names.Contains(element.StartTag.Name.ToString()))
            .Select(element => new Passage(file, LineOf(element.GetLocation()), Clean(element.Content.ToFullString()))));

    private static IEnumerable<string> Sources => new[] { "src", "generators", "analyzers" }.SelectMany(folder => Repository.Files(folder, ".cs"));

    private static IEnumerable<Passage> OfSource(string file)
    {
        var root = Parse(file).GetRoot();
        foreach (var trivia in root.DescendantTrivia())
        {
            if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) || trivia.HasStructure)
                yield return new Passage(file, LineOf(trivia.GetLocation()), Clean(trivia.ToFullString()));
        }

        foreach (var token in root.DescendantTokens())
        {
            if (token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
                yield return new Passage(file, LineOf(token.GetLocation()), Clean(token.ValueText));
        }
    }

    private static IEnumerable<Passage> OfPage(string file)
    {
        var isCode = false;
        var number = 0;
        foreach (var line in File.ReadLines(Repository.PathOf(file)))
        {
            number++;
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode)
                yield return new Passage(file, number, InlineCode.Replace(line, "code"));
        }
    }

    private static SyntaxTree Parse(string file) => CSharpSyntaxTree.ParseText(
        File.ReadAllText(Repository.PathOf(file)), new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Parse));

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    private static string Clean(string text) => Spaces.Replace(Tags.Replace(CodeElements.Replace(CommentMarks.Replace(text, " "), "code"), ""), " ").Trim();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode { get; }

    [GeneratedRegex(@"^\s*///?", RegexOptions.Multiline)]
    private static partial Regex CommentMarks { get; }

    [GeneratedRegex(@"<(c|code)>.*?</\1>|<(see|paramref|typeparamref)\b[^>]*/>", RegexOptions.Singleline)]
    private static partial Regex CodeElements { get; }

    [GeneratedRegex("</?[A-Za-z][^>]*>")]
    private static partial Regex Tags { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    /// <summary>A piece of text and where it is.</summary>
    /// <param name="File">The file, relative to the root of the repository.</param>
    /// <param name="Line">The line in which it begins, from 1.</param>
    /// <param name="Text">The text.</param>
    internal sealed record Passage(string File, int Line, string Text)
    {
        public override string ToString() => $"{File}({Line}): {Text}";
    }
}
