using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A rule about the flow of sessions, tokens and tasks through a body. Misuse on every path is an error, misuse on some paths a warning.</summary>
public abstract class FlowRule : UsageRule
{
    private readonly DiagnosticDescriptor _definite;
    private readonly DiagnosticDescriptor _possible;

    /// <summary>Creates the rule.</summary>
    /// <param name="definite">The descriptor for misuse on every path.</param>
    /// <param name="possible">The descriptor for misuse on some paths.</param>
    private protected FlowRule(DiagnosticDescriptor definite, DiagnosticDescriptor possible)
    {
        (_definite, _possible) = (definite, possible);
        SupportedDiagnostics = [_definite, _possible];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    private protected sealed override void Register(CompilationStartAnalysisContext start, UsageAnalysis analysis) => start.RegisterOperationBlockAction(block =>
    {
        foreach (var (demand, states) in analysis.Follow(block))
        {
            if (CheckDemand(demand, states, analysis) is { } violation)
                block.ReportDiagnostic(Diagnostic.Create(violation.IsDefinite ? _definite : _possible, demand.Site.GetLocation(), violation.Arguments));
        }
    });

    /// <summary>Checks a demand.</summary>
    /// <param name="demand">The demand.</param>
    /// <param name="states">The possible states of its object.</param>
    /// <param name="analysis">The analysis of the compilation.</param>
    /// <returns>The violation, or null if the demand is satisfied or another rule checks it.</returns>
    private protected abstract Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis);

    /// <summary>A demand that is not satisfied.</summary>
    /// <param name="IsDefinite">True if the demand fails on every path.</param>
    /// <param name="Arguments">The arguments of the message.</param>
    private protected readonly record struct Violation(bool IsDefinite, params object?[] Arguments);
}
