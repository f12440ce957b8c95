using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3005: a switch over the reply of a state, or over what a lane gives or leads to, does not handle each case.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3005ReplyNotExhausted : UseRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3005";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Switch does not handle each reply", "{0}, and no arm is sure to handle it: add one without a condition",
        Category, DiagnosticSeverity.Warning, true,
        "What may arrive in a state is declared: a switch that handles all of it needs no default arm, and says so when the declaration grows.", "analyzers/docs/SCH3005.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    private protected override void Register(CompilationStartAnalysisContext start, UseAnalysis analysis) =>
        start.RegisterOperationAction(operation => Check(operation, analysis.Types), OperationKind.Switch, OperationKind.SwitchExpression);

    private static void Check(OperationAnalysisContext context, TokenTypes types)
    {
        if (ReplySwitch.Missing(context.Operation, types) is not { Count: > 0 } missing)
            return;
        context.ReportDiagnostic(Diagnostic.Create(
            Rule, ReplySwitch.KeywordOf(context.Operation.Syntax).GetLocation(), Explain(missing[0].BaseType!, string.Join(" and ", missing.Select(type => type.Name)))));
    }

    private static string Explain(INamedTypeSymbol reply, string cases) => reply.Name == "Rejoined"
        ? $"After {reply.ContainingType.ContainingType.Name} the lanes may also meet in {cases}"
        : $"In {reply.ContainingType.Name} also {cases} may arrive";
}
