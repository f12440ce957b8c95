using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2011: something is to be sent in a state in which the protocol has ended.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2011TransitionFromFinal : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2011";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Transition leads out of a final state", "'{0}' is [Final], so '{1}' can never be sent there: remove the transition, or [Final]",
        Category, DiagnosticSeverity.Error, true,
        "A protocol has ended in a final state; nothing is sent or received there.",
        "analyzers/docs/SCH2011.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.States
        .Where(state => state.Final is not null)
        .SelectMany(state => state.Transitions.Select(transition => Diagnostic.Create(Rule, transition.Location, state.Name, transition.MessageText)));
}
