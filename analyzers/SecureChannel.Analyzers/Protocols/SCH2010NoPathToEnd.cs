using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2010: no transitions lead from a state to an end of the protocol or handshake.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2010NoPathToEnd : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.NoPathToEnd];

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
            yield return Diagnostic.Create(ProtocolDiagnostics.NoPathToEnd, declaration.States[state].Location, graph.NameOf(state), marker, ": it has no transitions");

        // Of a loop without an exit, report the state that enters it.
        var stuck = graph.LeadTo(dead);
        foreach (var state in trapped.Where(state => !stuck[state] && (state == 0 || ends[graph.PathTo(state)[graph.DistanceTo(state) - 1].From])))
            yield return Diagnostic.Create(ProtocolDiagnostics.NoPathToEnd, declaration.States[state].Location, graph.NameOf(state), marker,
                ": its transitions form a cycle without an exit");
    }
}
