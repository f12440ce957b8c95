using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3006: the task of an operation on a state token is not awaited, or awaited twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3006TransitionNotAwaited : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3006";

    private const string HelpLink = "analyzers/docs/SCH3006.md";

    private const string Description = "Until its task has been awaited an operation may not have happened, and its errors are lost; a ValueTask may be awaited only once.";

    /// <summary>The task is awaited on no path, or twice on every path.</summary>
    public static readonly DiagnosticDescriptor Definite = new(
        Id, "Operation is not awaited once", "The task of '{0}' {1}", "SecureChannel.Use", DiagnosticSeverity.Error, true, Description, HelpLink);

    // RS2001: one rule with two severities, so that what may go wrong does not weigh as what must; the release file has room for one.
#pragma warning disable RS2001
    /// <summary>The task is not awaited on some path, or twice on some path.</summary>
    public static readonly DiagnosticDescriptor Possible = new(
        Id, "Operation may not be awaited once", "The task of '{0}' {1}", "SecureChannel.Use", DiagnosticSeverity.Warning, true, Description, HelpLink);
#pragma warning restore RS2001

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Definite, Possible];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        UseAnalysis.Register(context, Report);
    }

    private static void Report(OperationBlockAnalysisContext context, UseAnalysis analysis, IReadOnlyCollection<Finding> found)
    {
        foreach (var (demand, states) in found)
        {
            var descriptor = (states & (States.Valid | States.Used)) == (States.Valid | States.Used) ? Possible : Definite;
            if (demand.Kind == DemandKind.Awaited && (states & States.Valid) != 0)
                Report(context, demand, descriptor, descriptor == Definite ? "is not awaited: await it, return it, or chain the next operation to it" : "is not awaited on some path: await it on each");
            else if (demand.Kind == DemandKind.Await && (states & States.Used) != 0)
                Report(context, demand, descriptor, descriptor == Definite ? "has been awaited already: keep what it returned" : "has been awaited already on some path: keep what it returned");
        }
    }

    private static void Report(OperationBlockAnalysisContext context, Demand demand, DiagnosticDescriptor descriptor, string reason) =>
        context.ReportDiagnostic(Diagnostic.Create(descriptor, demand.Site.GetLocation(), demand.Member?.Name, reason));
}
