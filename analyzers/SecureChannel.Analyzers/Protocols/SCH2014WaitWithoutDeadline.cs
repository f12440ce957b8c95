using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2014: a role can only wait in a state, and nothing limits the wait.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2014WaitWithoutDeadline : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.WaitWithoutDeadline];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Protocol } model } graph)
            yield break;
        foreach (var state in graph.Reachable.Where(state => model[state] is { IsFinal: false, Deadline: null }))
        {
            // A message that can be sent at any time does not leave the state.
            var senders = graph[state].Where(transition => !transition.IsAnytime).Select(transition => transition.Sender).Distinct().ToArray();
            if (senders is [var sender])
            {
                yield return Diagnostic.Create(
                    ProtocolDiagnostics.WaitWithoutDeadline, declaration.States[state].Location,
                    graph.NameOf(state), sender.Peer().Name(), sender.Name());
            }
        }
    }
}
