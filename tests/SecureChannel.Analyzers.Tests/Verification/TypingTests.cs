using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>A declaration while it is typed: half of an attribute, a member without a name, a state that is not there yet.</summary>
public sealed class TypingTests
{
    public static TheoryData<string> Names => ["TLS 1.3", "a chat", "any time, and both may send besides", "two messages of one name, told apart"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_rule_fails_on_a_declaration_that_breaks_off(string name)
    {
        var source = RightDeclarations.All[name];
        for (var length = 1; length < source.Length; length += 17)
        {
            var compilation = DeclarationTest.Compile(source[..length]);
            // What is reported does not matter yet; that nothing throws is asserted there.
            Assert.All(await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]), diagnostic => Assert.NotEqual(Location.None, diagnostic.Location));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_rule_fails_on_a_declaration_in_which_one_word_is_missing(string name)
    {
        var source = RightDeclarations.All[name];
        var words = source.Split(' ');
        for (var missing = 0; missing < words.Length; missing += 3)
        {
            var compilation = DeclarationTest.Compile(string.Join(' ', words.Where((_, place) => place != missing)));
            Assert.All(await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]), diagnostic => Assert.NotEqual(Location.None, diagnostic.Location));
        }
    }
}
