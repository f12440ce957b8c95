using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2032: a type or namespace beside a protocol has the name of a class that is generated for the protocol.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2032GeneratedNameInUse : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.GeneratedNameInUse];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var name = declaration.Syntax.Identifier;
        foreach (var taken in declaration.TakenNames)
            yield return Diagnostic.Create(ProtocolDiagnostics.GeneratedNameInUse, name.GetLocation(), taken, name.ValueText);
    }
}
