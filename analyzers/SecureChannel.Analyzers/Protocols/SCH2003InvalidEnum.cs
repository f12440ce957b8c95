using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2003: an enum is declared where no code can be generated for it, or as both protocol and handshake.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2003InvalidEnum : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.InvalidEnum];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var name = declaration.Syntax.Identifier;
        if (declaration.Syntax.Parent is TypeDeclarationSyntax outer)
        {
            yield return Diagnostic.Create(
                ProtocolDiagnostics.InvalidEnum, name.GetLocation(), name.ValueText, $"it is nested in '{outer.Identifier.ValueText}'; move it to the top level");
        }

        if (declaration.IsInFileOnly)
            yield return Diagnostic.Create(ProtocolDiagnostics.InvalidEnum, name.GetLocation(), name.ValueText, "it is file-local, but generated code is in another file; remove 'file'");
        foreach (var anchor in declaration.Anchors.Skip(1))
            yield return Diagnostic.Create(ProtocolDiagnostics.InvalidEnum, anchor.GetLocation(), name.ValueText, "it is declared as both protocol and handshake; remove one of the attributes");
    }
}
