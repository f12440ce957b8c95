using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2024: both ends may send in a state, but names meet in the lanes that it would be split into.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2024CannotSplit : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2024";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State cannot be split",
        "The {0} cannot split '{1}' into lanes: two messages that may arrive until the lanes are joined have one name, or one that a lane has itself; " +
        "tell them apart by 'As'",
        Category, DiagnosticSeverity.Warning, true,
        "The receiving lane of a state has a type for each message that may arrive until the lanes are joined, in whichever state that is; their names must differ.",
        "analyzers/docs/SCH2024.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Verification is not { } verdict
        ? []
        : verdict.Unsplittable.Select(item => Diagnostic.Create(
            Rule, declaration.States[item.State].Location, item.Role.Name(), declaration.States[item.State].Name));
}
