using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2011: a final state has a transition.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2011TransitionFromFinal : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.TransitionFromFinal];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.States
        .Where(state => state.Final is not null)
        .SelectMany(state => state.Transitions.Select(transition => Diagnostic.Create(ProtocolDiagnostics.TransitionFromFinal, transition.Location, state.Name, transition.MessageText)));
}
