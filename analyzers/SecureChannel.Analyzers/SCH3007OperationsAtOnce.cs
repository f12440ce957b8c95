using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3007: an operation on a state token begins while another is under way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3007OperationsAtOnce : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3007";

    private const string HelpLink = "analyzers/docs/SCH3007.md";

    private const string Description = "A token stands for one operation at a time; in a state where both roles may send, Split() makes a lane for each direction.";

    /// <summary>Another operation is under way on every path.</summary>
    public static readonly DiagnosticDescriptor Definite = new(
        Id, "Two operations at once on one token", "{0} uses {1} while another operation on it {2}: await that one first", "SecureChannel.Use", DiagnosticSeverity.Error, true, Description, HelpLink);

    // RS2001: one rule with two severities, so that what may go wrong does not weigh as what must; the release file has room for one.
#pragma warning disable RS2001
    /// <summary>Another operation is under way on some path.</summary>
    public static readonly DiagnosticDescriptor Possible = new(
        Id, "Two operations may be at once on one token", "{0} uses {1} while another operation on it {2}: await that one first", "SecureChannel.Use", DiagnosticSeverity.Warning, true, Description, HelpLink);
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
            if (demand.Kind != DemandKind.Token || (states & States.Busy) == 0 || (states & (States.Used | States.Passed)) != 0)
                continue;
            var isDefinite = (states & States.Valid) == 0;
            context.ReportDiagnostic(Diagnostic.Create(
                isDefinite ? Definite : Possible, demand.Site.GetLocation(), demand.Who, demand.What, isDefinite ? "is under way" : "may be under way"));
        }
    }
}
