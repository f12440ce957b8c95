using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3008: a protocol begins on a channel on which a protocol has already begun.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3008ProtocolBegunTwice() : FlowRule(UsageDiagnostics.ProtocolBegunTwice, UsageDiagnostics.PossibleProtocolBegunTwice)
{
    /// <inheritdoc/>
    private protected override Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Run || (states & States.Begun) == 0)
            return null;
        var isDefinite = (states & States.Unbegun) == 0;
        return new Violation(isDefinite, demand.User, demand.Description, isDefinite ? "" : " on some path");
    }
}
