using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2015: one role has two transitions for the same message in a state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2015AmbiguousTransition : DeclarationRule
{
    /// <summary>The key of the diagnostic property that marks two transitions to the same state, one of which is redundant.</summary>
    public const string IsDuplicate = "IsDuplicate";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.AmbiguousTransition];

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
                        ProtocolDiagnostics.AmbiguousTransition, declaration[later].Location, [declaration[earlier].Location],
                        earlier.Next == later.Next && !later.IsAnytime ? ImmutableDictionary<string, string?>.Empty.Add(IsDuplicate, null) : null,
                        graph.NameOf(state), later.Sender.Name(), later.Message.Name, graph.NameOf(earlier.Next), graph.NameOf(later.Next));
                }
            }
        }
    }
}
