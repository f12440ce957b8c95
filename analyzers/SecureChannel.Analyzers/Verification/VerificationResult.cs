using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// The verification of a declaration. Declarations of equal content share one result, so that an edit of other code does not repeat the verification.
/// Immutable.
/// </summary>
public sealed class VerificationResult
{
    // Enough for the declarations of a solution that is being edited; the oldest result is evicted.
    private const int Capacity = 128;

    private static readonly object Gate = new();
    private static readonly Dictionary<DeclarationModel, VerificationResult> OfDeclarations = [];
    private static readonly Queue<DeclarationModel> Oldest = new();

    private readonly Lazy<IReadOnlyList<(Crossing Crossing, Trace Trace)>> _crossings;
    private readonly Lazy<IReadOnlyList<(RoleModel Role, int State)>> _unsplittable;

    private VerificationResult(DeclarationModel declaration)
    {
        Graph = new StateGraph(declaration);
        _crossings = new(() => Find(Graph));
        _unsplittable = new(() => FindUnsplittable(Graph));
    }

    /// <summary>Gets the graph of the declaration.</summary>
    public StateGraph Graph { get; }

    /// <summary>
    /// Gets the crossings that fail, each with its trace. For each message and each state in which the message arrives without being received, only the
    /// crossing with the shortest run is included.
    /// </summary>
    public IReadOnlyList<(Crossing Crossing, Trace Trace)> Crossings => _crossings.Value;

    /// <summary>Gets the states in which both roles can send, each with a role that cannot split the state into lanes because names would conflict.</summary>
    public IReadOnlyList<(RoleModel Role, int State)> Unsplittable => _unsplittable.Value;

    /// <summary>Gets the verification of a declaration. Safe for concurrent use.</summary>
    /// <param name="declaration">The declaration, which must have at least one state.</param>
    public static VerificationResult Of(DeclarationModel declaration)
    {
        lock (Gate)
        {
            if (OfDeclarations.TryGetValue(declaration, out var known))
                return known;
            if (Oldest.Count == Capacity)
                OfDeclarations.Remove(Oldest.Dequeue());
            Oldest.Enqueue(declaration);
            return OfDeclarations[declaration] = new VerificationResult(declaration);
        }
    }

    private static IReadOnlyList<(Crossing, Trace)> Find(StateGraph graph)
    {
        var found = CrossingAnalysis.Check(graph).Select(crossing => (Crossing: crossing, Trace: Trace.Of(graph, crossing))).ToArray();
        var arrivals = found.Where(item => item.Crossing is Crossing.NotReceived)
            .GroupBy(item => (((Crossing.NotReceived)item.Crossing).Message, ((Crossing.NotReceived)item.Crossing).At))
            .Select(group => group.OrderBy(item => item.Trace.Steps.Count).First());
        return [.. arrivals, .. found.Where(item => item.Crossing is Crossing.Diverged)];
    }

    private static List<(RoleModel, int)> FindUnsplittable(StateGraph graph)
    {
        if (graph.Declaration.Kind != DeclarationKind.Protocol)
            return [];
        var found = new List<(RoleModel, int)>();
        foreach (var view in new[] { RoleModel.Client, RoleModel.Server }.Select(role => new RoleView(graph.Declaration, role)).Where(view => view.IsComplete))
        {
            found.AddRange(graph.Declaration.States
                .Where(state => state.IsDuplex && graph.IsReachable(state.Index) && view.RegionOf(state) is null)
                .Select(state => (view.Role, state.Index)));
        }

        return found;
    }
}
