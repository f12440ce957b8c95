using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2004: a state has an explicit value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2004ExplicitValue : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.ExplicitValue];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.States
        .Where(state => state.Syntax.EqualsValue is not null)
        .Select(state => Diagnostic.Create(ProtocolDiagnostics.ExplicitValue, state.Syntax.EqualsValue!.GetLocation(), state.Name, state.Syntax.EqualsValue.Value));
}
