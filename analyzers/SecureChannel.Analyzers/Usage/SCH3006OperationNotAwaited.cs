using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3006: the task of an operation on a state token is not awaited, or is awaited twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3006OperationNotAwaited() : FlowRule(UsageDiagnostics.OperationNotAwaited, UsageDiagnostics.PossibleOperationNotAwaited)
{
    /// <inheritdoc/>
    private protected override Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis)
    {
        var isDefinite = (states & (States.Valid | States.Used)) != (States.Valid | States.Used);
        return demand.Kind switch
        {
            DemandKind.Awaited when (states & States.Valid) != 0 =>
                Of(isDefinite ? "is not awaited: await it, return it, or chain the next operation to it"
                    : "is not awaited on some path: await it on every path"),
            DemandKind.Await when (states & States.Used) != 0 =>
                Of(isDefinite ? "was already awaited: store the result of the first await" : "was already awaited on some path: store the result of the first await"),
            _ => null,
        };

        Violation Of(string reason) => new(isDefinite, demand.Member?.Name, reason);
    }
}
