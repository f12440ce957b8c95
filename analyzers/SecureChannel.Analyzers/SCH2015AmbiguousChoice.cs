using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2015: one message of one end leads from a state twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2015AmbiguousChoice : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2015";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Transition is ambiguous",
        "In '{0}' the {1} may send '{2}' twice, which leads to '{3}' and to '{4}': remove one, or tell them apart by two messages",
        Category, DiagnosticSeverity.Error, true,
        "A message of one end leads from a state to one other; whoever receives it must know to which.",
        "analyzers/docs/SCH2015.md");

    /// <summary>The property of a finding whose transitions lead to one state, so that one of them says nothing.</summary>
    public const string IsDuplicate = "IsDuplicate";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { } graph)
            yield break;
        foreach (var state in Enumerable.Range(0, declaration.States.Count))
        {
            for (var place = 1; place < graph[state].Count; place++)
            {
                var later = graph[state][place];
                if (graph[state].Take(place).FirstOrDefault(later.SendsSameMessage) is { } earlier)
                {
                    yield return Diagnostic.Create(
                        Rule, declaration[later].Location, [declaration[earlier].Location],
                        earlier.Next == later.Next && !later.IsAnytime ? ImmutableDictionary<string, string?>.Empty.Add(IsDuplicate, null) : null,
                        graph.NameOf(state), later.Sender.Name(), later.Message.Name, graph.NameOf(earlier.Next), graph.NameOf(later.Next));
                }
            }
        }
    }
}
