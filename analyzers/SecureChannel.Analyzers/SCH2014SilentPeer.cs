using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2014: an end can only wait, and nothing bounds the wait.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2014SilentPeer : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2014";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Peer may stay silent", "In '{0}' the {1} can only wait, and the {2} may stay silent for ever: [Deadline(seconds)] on the state bounds the wait",
        Category, DiagnosticSeverity.Info, true,
        "An end that can only wait is at its peer's mercy, and holds a connection meanwhile; a deadline on the state, or the session's idle timeout, ends the wait.",
        "analyzers/docs/SCH2014.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Protocol } model } graph)
            yield break;
        foreach (var state in graph.Reachable.Where(state => model[state] is { IsFinal: false, Deadline: null }))
        {
            // What may be sent at any time is nobody's way out of a state.
            var senders = graph[state].Where(transition => !transition.IsAnytime).Select(transition => transition.Sender).Distinct().ToArray();
            if (senders is [var sender])
            {
                yield return Diagnostic.Create(
                    Rule, declaration.States[state].Location,
                    graph.NameOf(state), sender.Peer().Name(), sender.Name());
            }
        }
    }
}
