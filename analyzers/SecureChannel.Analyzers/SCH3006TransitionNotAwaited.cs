using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3006: the task of an operation on a state token is not awaited, or awaited twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3006TransitionNotAwaited() : FlowRule(Rule, "Operation may not be awaited once")
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3006";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Operation is not awaited once", "The task of '{0}' {1}", Category, DiagnosticSeverity.Error, true,
        "Until its task has been awaited an operation may not have happened, and its errors are lost; a ValueTask may be awaited only once.", "analyzers/docs/SCH3006.md");

    /// <inheritdoc/>
    private protected override Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis)
    {
        var isDefinite = (states & (States.Valid | States.Used)) != (States.Valid | States.Used);
        return demand.Kind switch
        {
            DemandKind.Awaited when (states & States.Valid) != 0 =>
                Of(isDefinite ? "is not awaited: await it, return it, or chain the next operation to it" : "is not awaited on some path: await it on each"),
            DemandKind.Await when (states & States.Used) != 0 =>
                Of(isDefinite ? "has been awaited already: keep what it returned" : "has been awaited already on some path: keep what it returned"),
            _ => null,
        };

        Fault Of(string reason) => new(isDefinite, demand.Member?.Name, reason);
    }
}
