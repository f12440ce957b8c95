using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A rule about what was found by following a body: an error where it holds on every path, a warning where it does on some.</summary>
public abstract class FlowRule : UseRule
{
    private readonly DiagnosticDescriptor _definite;

    // One rule with two severities, so that what may go wrong does not weigh as what must.
    private readonly DiagnosticDescriptor _possible;

    /// <summary>Makes the rule.</summary>
    /// <param name="definite">What is reported where it holds on every path.</param>
    /// <param name="possible">The title where it holds on some.</param>
    private protected FlowRule(DiagnosticDescriptor definite, string possible)
    {
        _definite = definite;
        _possible = new DiagnosticDescriptor(
            definite.Id, possible, definite.MessageFormat, definite.Category, DiagnosticSeverity.Warning, definite.IsEnabledByDefault, definite.Description, definite.HelpLinkUri);
        SupportedDiagnostics = [_definite, _possible];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    private protected sealed override void Register(CompilationStartAnalysisContext start, UseAnalysis analysis) => start.RegisterOperationBlockAction(block =>
    {
        foreach (var (demand, states) in analysis.Follow(block))
        {
            if (CheckDemand(demand, states, analysis) is { } fault)
                block.ReportDiagnostic(Diagnostic.Create(fault.IsDefinite ? _definite : _possible, demand.Site.GetLocation(), fault.Arguments));
        }
    });

    /// <summary>Whether a demand is not met, and what the message says of it; null if it is met, or another rule's.</summary>
    private protected abstract Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis);

    /// <summary>A demand that is not met.</summary>
    private protected readonly record struct Fault(bool IsDefinite, params object?[] Arguments);
}
