using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3008: a protocol begins on a channel that carries one already.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3008ProtocolBegunTwice() : FlowRule(Rule, "Protocol may be begun twice")
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3008";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Protocol is begun twice", "{0} begins a protocol on {1}, where one has begun already{2}: a channel carries one run, so keep the token that the first returned",
        Category, DiagnosticSeverity.Error, true, "A channel carries one run of one protocol.", "analyzers/docs/SCH3008.md");

    /// <inheritdoc/>
    private protected override Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Run || (states & States.Begun) == 0)
            return null;
        var isDefinite = (states & States.Unbegun) == 0;
        return new Fault(isDefinite, demand.Who, demand.What, isDefinite ? "" : " on some path");
    }
}
