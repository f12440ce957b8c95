using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2004: a state has an explicit value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2004ExplicitValue : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2004";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State has an explicit value", "State '{0}' has an explicit value, but a state's value is its place: remove '= {1}'",
        Category, DiagnosticSeverity.Error, true,
        "The states of a declaration are numbered in their order; two names for one state, or gaps between them, mean nothing.",
        "analyzers/docs/SCH2004.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.States
        .Where(state => state.Syntax.EqualsValue is not null)
        .Select(state => Diagnostic.Create(Rule, state.Syntax.EqualsValue!.GetLocation(), state.Name, state.Syntax.EqualsValue.Value));
}
