using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Emit;

/// <summary>The source of unique names for the locals of a generated method.</summary>
/// <param name="taken">The names that are in use.</param>
internal sealed class LocalNames(params string[] taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>Reserves and returns an unused name for a local, derived from the name of a member.</summary>
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
