using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The part of the evaluator that applies conditions on replies to the flow state.</summary>
internal sealed partial class Evaluator
{
    /// <summary>
    /// Gets the state after a condition has the given outcome, or null if the outcome is impossible because it would rule out every case of a reply.
    /// </summary>
    public FlowState? Narrow(IOperation? condition, bool outcome, FlowState state)
    {
        var value = condition switch
        {
            IIsPatternOperation match => match.Value,
            IIsTypeOperation match => match.ValueOperand,
            _ => null,
        };
        if (value is null || !types.IsReply(value.Type) || PlaceOf(Demand.Origin(value)) is not { } place)
            return state;
        var narrowed = state.Clone();
        var cases = TokenTypes.CasesOf(value.Type!).ToList();
        var ruledOut = narrowed.RuleOut(place, cases.Where(type => condition switch
        {
            IIsPatternOperation match => outcome ? Patterns.Excludes(match.Pattern, type) : Patterns.Covers(match.Pattern, type),
            IIsTypeOperation match => outcome != Patterns.Is(type, match.TypeOperand),
            _ => false,
        }));
        return cases.All(ruledOut.Contains) ? null : narrowed;
    }

    private Place? PlaceOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation reference when IsOwn(reference.Local) => Place.Of(reference.Local),
        IParameterReferenceOperation reference when IsOwn(reference.Parameter) => Place.Of(reference.Parameter),
        IFlowCaptureReferenceOperation reference => Place.Of(reference.Id),
        _ => null,
    };
}
