using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2016: two messages that one role can send in a state have the same code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2016DuplicateCode : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.DuplicateCode];

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
                if (graph[state].Take(place).FirstOrDefault(transition => TransitionConflict.OfCodes(transition, later)) is { } earlier)
                {
                    yield return Diagnostic.Create(
                        ProtocolDiagnostics.DuplicateCode, declaration[later].MessageLocation, [declaration[earlier].MessageLocation],
                        graph.NameOf(state), later.Sender.Name(), earlier.Message.Name, later.Message.Name,
                        later.Message.OnTheWire.Code);
                }
            }
        }
    }
}
