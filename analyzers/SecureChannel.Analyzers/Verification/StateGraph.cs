using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A declaration as a graph: the moves that each state offers, how far each state is from the first, and which states lead where.</summary>
public sealed class StateGraph
{
    private const int Unreachable = int.MaxValue;

    private readonly GraphTransition[][] _moves;
    private readonly int[] _distances;
    private readonly GraphTransition?[] _arrivals;

    /// <summary>Takes the moves of a declaration.</summary>
    /// <param name="declaration">The declaration; has at least one state.</param>
    public StateGraph(DeclarationModel declaration)
        : this(declaration, [.. declaration.States.Select(MovesOf)])
    {
    }

    private StateGraph(DeclarationModel declaration, GraphTransition[][] moves)
    {
        Declaration = declaration;
        _moves = moves;
        _distances = [.. moves.Select(_ => Unreachable)];
        _arrivals = new GraphTransition?[moves.Length];
        Walk();
    }

    /// <summary>The declaration.</summary>
    public DeclarationModel Declaration { get; }

    /// <summary>The moves that a state offers, in the order of the attributes.</summary>
    public IReadOnlyList<GraphTransition> this[int state] => _moves[state];

    /// <summary>The states that can be reached, the first one included.</summary>
    public IEnumerable<int> Reachable => Enumerable.Range(0, _moves.Length).Where(IsReachable);

    /// <summary>The name of a state.</summary>
    public string NameOf(int state) => Declaration[state].Name;

    /// <summary>Whether a state can be reached.</summary>
    public bool IsReachable(int state) => _distances[state] != Unreachable;

    /// <summary>How many messages lead from the first state to one that can be reached, at least.</summary>
    public int DistanceTo(int state) => _distances[state];

    /// <summary>The shortest way from the first state to one that can be reached.</summary>
    public IReadOnlyList<GraphTransition> PathTo(int state)
    {
        var path = new GraphTransition[_distances[state]];
        for (var place = path.Length - 1; place >= 0; place--)
        {
            path[place] = _arrivals[state]!;
            state = path[place].From;
        }

        return path;
    }

    /// <summary>
    /// Where a role goes when a message that was sent elsewhere arrives in a state; null if nothing receives it there. At the end a message is received, and
    /// dropped, that its sender has from <c>[Anytime]</c> alone: one that is part of the order somewhere is missed.
    /// </summary>
    public int? Receive(int state, GraphTransition message)
    {
        foreach (var move in _moves[state])
        {
            if (move.Carries(message))
                return move.Next;
        }

        return Declaration[state].IsFinal && message.Transition.IsAnytime && IsAnytimeAlone(message) ? state : null;
    }

    /// <summary>Of each state, whether one of the given can be reached from it.</summary>
    /// <param name="ends">Where to arrive.</param>
    public bool[] LeadTo(IEnumerable<int> ends)
    {
        var before = _moves.SelectMany(moves => moves).ToLookup(move => move.Next, move => move.From);
        var leads = new bool[_moves.Length];
        var open = new Stack<int>(ends);
        while (open.Count > 0)
        {
            var state = open.Pop();
            if (leads[state])
                continue;
            leads[state] = true;
            foreach (var from in before[state])
                open.Push(from);
        }

        return leads;
    }

    /// <summary>The same declaration with more moves.</summary>
    public StateGraph With(IReadOnlyCollection<GraphTransition> added) =>
        new(Declaration, [.. _moves.Select((moves, state) => (GraphTransition[])[.. moves, .. added.Where(move => move.From == state)])]);

    /// <summary>The same declaration without some moves: what can be reached then needs none of them.</summary>
    public StateGraph Without(Func<GraphTransition, bool> removed) => new(Declaration, [.. _moves.Select(moves => moves.Where(move => !removed(move)).ToArray())]);

    private bool IsAnytimeAlone(GraphTransition message) => _moves.All(moves => moves.All(move => move.Transition.IsAnytime || !move.Carries(message)));

    private static GraphTransition[] MovesOf(StateModel state) => [.. state.Transitions.Select((transition, place) => new GraphTransition(state.Index, place, transition))];

    private void Walk()
    {
        var open = new Queue<int>([0]);
        _distances[0] = 0;
        while (open.Count > 0)
        {
            var state = open.Dequeue();
            foreach (var move in _moves[state])
            {
                if (IsReachable(move.Next))
                    continue;
                _distances[move.Next] = _distances[state] + 1;
                _arrivals[move.Next] = move;
                open.Enqueue(move.Next);
            }
        }
    }
}
