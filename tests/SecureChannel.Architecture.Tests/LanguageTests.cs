using System.Text.RegularExpressions;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>The English that a reader meets is that of the field: short, direct and without riddles.</summary>
public sealed partial class LanguageTests
{
    /// <summary>Passages that use a phrase for a reason. Each line of the file is a file, a bar, the words around the phrase, a bar, and the reason.</summary>
    private static readonly string[][] Exceptions =
        [.. File.ReadLines(Repository.PathOf("tests", "SecureChannel.Architecture.Tests", "LanguageExceptions.txt")).Select(line => line.Split(" | "))];

    [Fact]
    public void No_summary_and_no_return_value_begins_with_a_question_word() =>
        None(Prose.Elements("summary", "returns").Where(element => QuestionWord.IsMatch(element.Text)));

    [Fact]
    public void No_generated_summary_begins_with_a_question_word() =>
        None(Repository.Files("generators", ".cs").SelectMany(file => File.ReadLines(Repository.PathOf(file)).Select((text, index) => new Prose.Passage(file, index + 1, text)))
            .Where(line => GeneratedQuestion.IsMatch(line.Text)));

    [Fact]
    public void No_text_uses_a_phrase_of_the_private_dialect() =>
        None(Prose.Passages.Where(passage => Dialect.IsMatch(passage.Text) && !Exceptions.Any(exception => Excuses(exception, passage))));

    [Fact]
    public void At_most_30_passages_are_excepted_each_with_a_reason()
    {
        Assert.InRange(Exceptions.Length, 0, 30);
        Assert.All(Exceptions, exception => Assert.True(exception is [_, _, { Length: > 10 }], $"\"{string.Join(" | ", exception)}\" has no reason."));
        Assert.All(Exceptions, exception => Assert.Contains(Prose.Passages, passage => Dialect.IsMatch(passage.Text) && Excuses(exception, passage)));
    }

    [Theory]
    [InlineData("a default token is none", true)]
    [InlineData("the type is no message", true)]
    [InlineData("Whoever waits", true)]
    [InlineData("the run goes on", true)]
    [InlineData("there is no message", false)]
    [InlineData("the token is no longer valid", false)]
    [InlineData("the length is no more than 255 bytes", false)]
    [InlineData("replies and relies", false)]
    public void A_phrase_is_found_as_whole_words(string text, bool isFound) => Assert.Equal(isFound, Dialect.IsMatch(text));

    private static void None(IEnumerable<Prose.Passage> found)
    {
        var passages = found.ToArray();
        Assert.True(passages.Length == 0, $"{passages.Length} passages:\n{string.Join('\n', passages.AsEnumerable())}");
    }

    private static bool Excuses(string[] exception, Prose.Passage passage) =>
        exception[0] == passage.File && passage.Text.Contains(exception[1], StringComparison.Ordinal);

    [GeneratedRegex(@"^(what|who|whose|whom|whoever|how|where|why|when|which|whether)\b", RegexOptions.IgnoreCase)]
    private static partial Regex QuestionWord { get; }

    [GeneratedRegex(@"<(summary|returns)>\s*(what|who|whose|whom|whoever|how|where|why|when|which|whether)\b", RegexOptions.IgnoreCase)]
    private static partial Regex GeneratedQuestion { get; }

    [GeneratedRegex(
        @"\b(whoever|whatever|what is wanted|of that kind|go(es|ing)? on|went on|for ever|lies|lying|lay|stands?|stood|in vain|worn out|(is|are|was) told|tells|hears?|mends?|mended|judges|"
        + @"(has|have) come|hands? over|at hand|(?<!there )(is|are|was|were) (no|none)(?! (longer|more than|less than|later than|earlier than)\b))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Dialect { get; }
}
