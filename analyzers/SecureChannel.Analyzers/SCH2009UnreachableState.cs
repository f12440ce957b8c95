using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2009: no way leads from the first state to this one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2009UnreachableState : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2009";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State cannot be reached", "No message leads from '{0}' to '{1}'",
        Category, DiagnosticSeverity.Warning, true,
        "The first state is where both ends begin; a state that no message leads to from there is never entered.",
        "analyzers/docs/SCH2009.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Verification?.Graph is not { } graph
        ? []
        : declaration.States
            .Where((_, index) => !graph.IsReachable(index))
            .Select(state => Diagnostic.Create(Rule, state.Location, graph.NameOf(0), state.Name));
}
