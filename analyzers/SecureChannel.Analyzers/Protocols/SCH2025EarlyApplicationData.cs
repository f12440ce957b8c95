using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2025: application data can arrive in a handshake state that is not established.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2025EarlyApplicationData : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.EarlyApplicationData];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph)
            yield break;
        if (declaration.States[0].Established is { } first)
            yield return Diagnostic.Create(ProtocolDiagnostics.EarlyApplicationData, first.GetLocation(), graph.NameOf(0), graph.NameOf(0), "the handshake begins in this state, without keys");
        foreach (var state in graph.Reachable.Where(state => model[state].IsEstablished))
        {
            foreach (var transition in graph[state].Where(transition => !model[transition.Next].IsEstablished))
            {
                yield return Diagnostic.Create(
                    ProtocolDiagnostics.EarlyApplicationData, declaration[transition].Location, graph.NameOf(state), graph.NameOf(transition.Next),
                    $"the {transition.Sender.Name()} enters this state by sending {transition.Label}, while the {transition.Receiver.Name()} can still " +
                    "send application data");
            }
        }
    }
}
