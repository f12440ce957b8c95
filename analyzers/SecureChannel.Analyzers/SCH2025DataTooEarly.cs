using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2025: application data may arrive in a state of a handshake that is not established.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2025DataTooEarly : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2025";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Application data may arrive before the handshake is complete",
        "Application data, which may be sent in '{0}' since it is [Established], may arrive in '{1}' before the handshake is complete: {2}",
        Category, DiagnosticSeverity.Error, true,
        "Application data may flow from [Established] on, in both directions; an end that sends it cannot know that its peer has gone on to a state without.",
        "analyzers/docs/SCH2025.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph)
            yield break;
        if (declaration.States[0].Established is { } first)
            yield return Diagnostic.Create(Rule, first.GetLocation(), graph.NameOf(0), graph.NameOf(0), "the handshake begins there, and no key is agreed");
        foreach (var state in graph.Reachable.Where(state => model[state].IsEstablished))
        {
            foreach (var transition in graph[state].Where(transition => !model[transition.Next].IsEstablished))
            {
                yield return Diagnostic.Create(
                    Rule, declaration[transition].Location, graph.NameOf(state), graph.NameOf(transition.Next),
                    $"the {transition.Sender.Name()} goes there by sending {transition.Label}, while the {transition.Receiver.Name()} still sends data");
            }
        }
    }
}
