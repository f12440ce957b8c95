using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3007: an operation on a state token begins while another is under way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3007OperationsAtOnce() : FlowRule(Rule, "Two operations may be at once on one token")
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3007";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Two operations at once on one token", "{0} uses {1} while another operation on it {2}: await that one first", Category, DiagnosticSeverity.Error, true,
        "A token stands for one operation at a time; in a state where both roles may send, Split() makes a lane for each direction.", "analyzers/docs/SCH3007.md");

    /// <inheritdoc/>
    private protected override Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Token || (states & States.Busy) == 0 || (states & (States.Used | States.Passed)) != 0)
            return null;
        var isDefinite = (states & States.Valid) == 0;
        return new Fault(isDefinite, demand.Who, demand.What, isDefinite ? "is under way" : "may be under way");
    }
}
