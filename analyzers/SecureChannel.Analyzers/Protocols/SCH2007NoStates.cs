using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2007: a declaration has no states.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2007NoStates : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.NoStates];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Syntax.Members.Count == 0)
            yield return Diagnostic.Create(ProtocolDiagnostics.NoStates, declaration.Syntax.Identifier.GetLocation(), declaration.Syntax.Identifier.ValueText);
    }
}
