using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Emit;

/// <summary>Names for the locals of a generated method: each is used once.</summary>
/// <param name="taken">Names that are in use.</param>
internal sealed class LocalNames(params string[] taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>A local named after a member.</summary>
    public string For(string member)
    {
        var bare = member.TrimStart('@');
        var stem = char.ToLowerInvariant(bare[0]) + bare.Substring(1);
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
            name = stem + i;
        return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
    }
}
