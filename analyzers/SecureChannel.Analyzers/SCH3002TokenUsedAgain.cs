using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3002: a state token is used although an operation has used it up, or a lane although it has been joined.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3002TokenUsedAgain() : FlowRule(Rule, "State token may be used again")
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3002";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State token is used again", "{0} uses {1}, which {2}", Category, DiagnosticSeverity.Error, true,
        "A token or sending lane stands for its state until one operation has led out of it: the next operation needs what this one returned.", "analyzers/docs/SCH3002.md");

    /// <inheritdoc/>
    private protected override Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis)
    {
        if (demand.Kind == DemandKind.Borrowed)
            return Of(true, "is only borrowed: mark the parameter [Consumes] instead, so that its callers know");
        if (demand.Kind != DemandKind.Token)
            return null;
        var (used, goOn) = demand.IsOfReceiveLane ? ("joined", "the token that Join returned") : ("used", $"the {What(demand, analysis.Types)} that the last operation returned");
        if ((states & (States.Valid | States.Busy | States.Passed)) == 0)
            return Of(true, $"has been {used} already: go on with {goOn}");
        if ((states & States.Used) != 0)
            return Of(false, $"has been {used} already on some path: go on with {goOn}");
        return (states & States.Passed) != 0
            ? Of(false, $"was given to a method that may have {used} it: let that method return the token to go on with, or mark its parameter [Borrows]")
            : null;

        Fault Of(bool isDefinite, string reason) => new(isDefinite, demand.Who, demand.What, reason);
    }

    private static string What(Demand demand, TokenTypes types) => demand.Subject is { } subject && types.IsSendLane(Demand.Origin(subject).Type) ? "lane" : "token";
}
