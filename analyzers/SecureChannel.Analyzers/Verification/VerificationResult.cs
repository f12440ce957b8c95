using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// What follows from a declaration alone. Declarations of equal content share one, so that an edit that changes none has nothing computed again. Immutable.
/// </summary>
public sealed class VerificationResult
{
    // Enough for the declarations of a solution that is being edited; the oldest makes room.
    private const int Kept = 128;

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

    /// <summary>The declaration as a graph.</summary>
    public StateGraph Graph { get; }

    /// <summary>Where messages must not cross and may: each message once for each state in which it arrives, by the shortest run.</summary>
    public IReadOnlyList<(Crossing Crossing, Trace Trace)> Crossings => _crossings.Value;

    /// <summary>The states in which both ends may send and that a role cannot split into lanes, since names would meet in one.</summary>
    public IReadOnlyList<(RoleModel Role, int State)> Unsplittable => _unsplittable.Value;

    /// <summary>The verdict on a declaration, which has at least one state. Safe for concurrent use.</summary>
    public static VerificationResult Of(DeclarationModel declaration)
    {
        lock (Gate)
        {
            if (OfDeclarations.TryGetValue(declaration, out var known))
                return known;
            if (Oldest.Count == Kept)
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
        return [.. arrivals, .. found.Where(item => item.Crossing is Crossing.Parted)];
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
