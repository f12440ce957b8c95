using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2003: an enum is declared where nothing can be generated for it, or as two things.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2003EnumNotDeclarable : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2003";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Enum cannot be a declaration", "'{0}' cannot be a declaration: {1}",
        Category, DiagnosticSeverity.Error, true,
        "Types are generated beside the enum, in other files; they must be able to name it, and it must be one thing.",
        "analyzers/docs/SCH2003.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var name = declaration.Syntax.Identifier;
        if (declaration.Syntax.Parent is TypeDeclarationSyntax outer)
        {
            yield return Diagnostic.Create(
                Rule, name.GetLocation(), name.ValueText, $"it stands inside of '{outer.Identifier.ValueText}'; move it to the top level");
        }

        if (declaration.IsInFileOnly)
            yield return Diagnostic.Create(Rule, name.GetLocation(), name.ValueText, "only its own file can name it; remove 'file'");
        foreach (var anchor in declaration.Anchors.Skip(1))
            yield return Diagnostic.Create(Rule, anchor.GetLocation(), name.ValueText, "it is a protocol and a handshake; remove one of the attributes");
    }
}
