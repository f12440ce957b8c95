using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2010: an end of the protocol cannot be reached from a state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2010NoWayToEnd : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2010";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State has no way to an end", "No way leads from '{0}' to a state that is [{1}]{2}",
        Category, DiagnosticSeverity.Error, true,
        "Whoever is in such a state can never end the protocol, or complete the handshake, as it is declared.",
        "analyzers/docs/SCH2010.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { } graph || !TerminalStates.Of(graph.Declaration).Any())
            yield break;
        var marker = graph.Declaration.Kind == DeclarationKind.Protocol ? "Final" : "Established";
        var ends = graph.LeadTo(TerminalStates.Of(graph.Declaration));
        var trapped = graph.Reachable.Where(state => !ends[state]).ToArray();
        var dead = trapped.Where(state => graph[state].Count == 0).ToArray();
        foreach (var state in dead)
            yield return Diagnostic.Create(Rule, declaration.States[state].Location, graph.NameOf(state), marker, ": nothing can be sent in it");

        // Of a loop that is never left, the state in which it is entered.
        var stuck = graph.LeadTo(dead);
        foreach (var state in trapped.Where(state => !stuck[state] && (state == 0 || ends[graph.PathTo(state)[graph.DistanceTo(state) - 1].From])))
            yield return Diagnostic.Create(Rule, declaration.States[state].Location, graph.NameOf(state), marker, ": what is sent in it leads round in a circle");
    }
}
