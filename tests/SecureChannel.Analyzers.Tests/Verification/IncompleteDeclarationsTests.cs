using Microsoft.CodeAnalysis;
using SecureChannel.Analyzers.Tests.Protocols;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>Declarations while they are typed: half of an attribute, a member without a name, a state that does not exist yet.</summary>
public sealed class IncompleteDeclarationsTests
{
    public static TheoryData<string> Names => ["TLS 1.3", "a chat", "any time, and both may send besides", "two messages of one name, told apart"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_rule_throws_on_a_truncated_declaration(string name)
    {
        var source = CorrectDeclarations.All[name];
        for (var length = 1; length < source.Length; length += 17)
        {
            var compilation = DeclarationTest.Compile(source[..length]);
            // The diagnostics do not matter; ReportAsync asserts that no rule throws.
            Assert.All(await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]), diagnostic => Assert.NotEqual(Location.None, diagnostic.Location));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_rule_throws_on_a_declaration_with_a_missing_word(string name)
    {
        var source = CorrectDeclarations.All[name];
        var words = source.Split(' ');
        for (var missing = 0; missing < words.Length; missing += 3)
        {
            var compilation = DeclarationTest.Compile(string.Join(' ', words.Where((_, place) => place != missing)));
            Assert.All(await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]), diagnostic => Assert.NotEqual(Location.None, diagnostic.Location));
        }
    }
}
