using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2009: no transitions lead from the first state to this state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2009UnreachableState : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.UnreachableState];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Verification?.Graph is not { } graph
        ? []
        : declaration.States
            .Where((_, index) => !graph.IsReachable(index))
            .Select(state => Diagnostic.Create(ProtocolDiagnostics.UnreachableState, state.Location, graph.NameOf(0), state.Name));
}
