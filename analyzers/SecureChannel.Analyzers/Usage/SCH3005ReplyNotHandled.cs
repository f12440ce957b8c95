using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3005: a switch over the reply of a state or lane does not handle each case.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3005ReplyNotHandled : UsageRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [UsageDiagnostics.ReplyNotHandled];

    /// <inheritdoc/>
    private protected override void Register(CompilationStartAnalysisContext start, UsageAnalysis analysis) =>
        start.RegisterOperationAction(operation => Check(operation, analysis.Types), OperationKind.Switch, OperationKind.SwitchExpression);

    private static void Check(OperationAnalysisContext context, TokenTypes types)
    {
        if (ReplySwitch.Missing(context.Operation, types) is not { Count: > 0 } missing)
            return;
        context.ReportDiagnostic(Diagnostic.Create(
            UsageDiagnostics.ReplyNotHandled, ReplySwitch.KeywordOf(context.Operation.Syntax).GetLocation(), Explain(missing[0].BaseType!, string.Join(" and ", missing.Select(type => type.Name)))));
    }

    private static string Explain(INamedTypeSymbol reply, string cases) => reply.Name == "Rejoined"
        ? $"The joined lanes of {reply.ContainingType.ContainingType.Name} can also lead to {cases}"
        : $"{cases} can also arrive in {reply.ContainingType.Name}";
}
