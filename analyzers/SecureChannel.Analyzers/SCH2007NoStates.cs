using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2007: a declaration has no state to begin in.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2007NoStates : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2007";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Declaration has no state", "'{0}' has no state: its first member is the state in which both ends begin",
        Category, DiagnosticSeverity.Error, true,
        "A declaration is its states and what leads from one to another.",
        "analyzers/docs/SCH2007.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Syntax.Members.Count == 0)
            yield return Diagnostic.Create(Rule, declaration.Syntax.Identifier.GetLocation(), declaration.Syntax.Identifier.ValueText);
    }
}
