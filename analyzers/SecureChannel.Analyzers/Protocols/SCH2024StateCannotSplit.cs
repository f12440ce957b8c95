using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2024: both roles can send in a state, but the names in its lanes conflict.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2024StateCannotSplit : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.StateCannotSplit];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Verification is not { } verification
        ? []
        : verification.Unsplittable.Select(item => Diagnostic.Create(
            ProtocolDiagnostics.StateCannotSplit, declaration.States[item.State].Location, item.Role.Name(), declaration.States[item.State].Name));
}
