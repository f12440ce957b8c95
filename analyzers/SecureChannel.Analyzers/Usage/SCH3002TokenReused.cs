using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3002: a state token is used after an operation consumed it, or a lane after it was joined.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3002TokenReused() : FlowRule(UsageDiagnostics.TokenReused, UsageDiagnostics.PossibleTokenReused)
{
    /// <inheritdoc/>
    private protected override Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis)
    {
        if (demand.Kind == DemandKind.Borrowed)
            return Of(true, "is only borrowed and cannot be consumed here: mark the parameter with [Consumes] instead, so that callers know");
        if (demand.Kind != DemandKind.Token)
            return null;
        var (consumed, successor) = demand.IsOfReceiveLane
            ? ("joined", "the token that Join returned")
            : ("consumed", $"the {KindOf(demand, analysis.Types)} that the last operation returned");
        if ((states & (States.Valid | States.Busy | States.Passed)) == 0)
            return Of(true, $"was already {consumed}: continue with {successor}");
        if ((states & States.Used) != 0)
            return Of(false, $"was already {consumed} on some path: continue with {successor}");
        return (states & States.Passed) != 0
            ? Of(false, $"was passed to a method that might have {consumed} it: return the next token from that method, or mark its parameter with [Borrows]")
            : null;

        Violation Of(bool isDefinite, string reason) => new(isDefinite, demand.User, demand.Description, reason);
    }

    private static string KindOf(Demand demand, TokenTypes types) => demand.Subject is { } subject && types.IsSendLane(Demand.Origin(subject).Type) ? "lane" : "token";
}
