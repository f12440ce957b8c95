using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3007: an operation on a state token or lane starts while another operation on it is in progress.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3007ConcurrentOperations() : FlowRule(UsageDiagnostics.ConcurrentOperations, UsageDiagnostics.PossibleConcurrentOperations)
{
    /// <inheritdoc/>
    private protected override Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Token || (states & States.Busy) == 0 || (states & (States.Used | States.Passed)) != 0)
            return null;
        var isDefinite = (states & States.Valid) == 0;
        return new Violation(isDefinite, demand.User, demand.Description, isDefinite ? "is in progress" : "might be in progress");
    }
}
