using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3002: a state token is used although an operation has used it up.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3002TokenUsedAgain : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3002";

    private const string HelpLink = "analyzers/docs/SCH3002.md";

    private const string Description = "A token stands for its state until one operation has led out of it: the next operation needs the token that this one returned.";

    /// <summary>The token has been used on every path.</summary>
    public static readonly DiagnosticDescriptor Definite = new(
        Id, "State token is used again", "{0} uses {1}, which {2}", "SecureChannel.Use", DiagnosticSeverity.Error, true, Description, HelpLink);

    // RS2001: one rule with two severities, so that what may go wrong does not weigh as what must; the release file has room for one.
#pragma warning disable RS2001
    /// <summary>The token has been used on some path, or was given to a method that may have used it.</summary>
    public static readonly DiagnosticDescriptor Possible = new(
        Id, "State token may be used again", "{0} uses {1}, which {2}", "SecureChannel.Use", DiagnosticSeverity.Warning, true, Description, HelpLink);
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
            if (demand.Kind == DemandKind.Borrowed)
                Report(context, demand, Definite, "is only borrowed: mark the parameter [Consumes] instead, so that its callers know");
            else if (demand.Kind != DemandKind.Token)
                continue;
            else if ((states & (States.Valid | States.Busy | States.Passed)) == 0)
                Report(context, demand, Definite, "has been used already: go on with the token that the last operation returned");
            else if ((states & States.Used) != 0)
                Report(context, demand, Possible, "has been used already on some path: go on with the token that the last operation returned");
            else if ((states & States.Passed) != 0)
                Report(context, demand, Possible, "was given to a method that may have used it: let that method return the token to go on with, or mark its parameter [Borrows]");
        }
    }

    private static void Report(OperationBlockAnalysisContext context, Demand demand, DiagnosticDescriptor descriptor, string reason) =>
        context.ReportDiagnostic(Diagnostic.Create(descriptor, demand.Site.GetLocation(), demand.Who, demand.What, reason));
}
