using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3008: a protocol begins on a channel that carries one already.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3008ProtocolBegunTwice : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3008";

    private const string HelpLink = "analyzers/docs/SCH3008.md";

    private const string Description = "A channel carries one run of one protocol.";

    /// <summary>A protocol has begun on every path.</summary>
    public static readonly DiagnosticDescriptor Definite = new(
        Id, "Protocol is begun twice", "{0} begins a protocol on {1}, where one has begun already{2}: a channel carries one run, so keep the token that the first returned", "SecureChannel.Use", DiagnosticSeverity.Error, true, Description, HelpLink);

    // RS2001: one rule with two severities, so that what may go wrong does not weigh as what must; the release file has room for one.
#pragma warning disable RS2001
    /// <summary>A protocol has begun on some path.</summary>
    public static readonly DiagnosticDescriptor Possible = new(
        Id, "Protocol may be begun twice", "{0} begins a protocol on {1}, where one has begun already{2}: a channel carries one run, so keep the token that the first returned", "SecureChannel.Use", DiagnosticSeverity.Warning, true, Description, HelpLink);
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
            if (demand.Kind != DemandKind.Run || (states & States.Begun) == 0)
                continue;
            var isDefinite = (states & States.Unbegun) == 0;
            context.ReportDiagnostic(Diagnostic.Create(
                isDefinite ? Definite : Possible, demand.Site.GetLocation(), demand.Who, demand.What, isDefinite ? "" : " on some path"));
        }
    }
}
