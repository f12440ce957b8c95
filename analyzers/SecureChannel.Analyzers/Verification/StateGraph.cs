using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A declaration's graph with distances and shortest paths from the first state.</summary>
public sealed class StateGraph
{
    private const int Unreachable = int.MaxValue;

    private readonly Transition[][] _transitions;
    private readonly int[] _distances;
    private readonly Transition?[] _arrivals;

    /// <summary>Creates the graph of a declaration.</summary>
    /// <param name="declaration">The declaration, which must have at least one state.</param>
    public StateGraph(DeclarationModel declaration)
        : this(declaration, [.. declaration.States.Select(state => state.Transitions.ToArray())])
    {
    }

    private StateGraph(DeclarationModel declaration, Transition[][] transitions)
    {
        Declaration = declaration;
        _transitions = transitions;
        _distances = [.. transitions.Select(_ => Unreachable)];
        _arrivals = new Transition?[transitions.Length];
        Walk();
    }

    /// <summary>Gets the declaration.</summary>
    public DeclarationModel Declaration { get; }

    /// <summary>Gets the transitions of a state in the order of the attributes.</summary>
    /// <param name="state">The index of the state.</param>
    public IReadOnlyList<Transition> this[int state] => _transitions[state];

    /// <summary>Gets the reachable states, including the first.</summary>
    public IEnumerable<int> Reachable => Enumerable.Range(0, _transitions.Length).Where(IsReachable);

    /// <summary>Gets the name of a state.</summary>
    /// <param name="state">The index of the state.</param>
    public string NameOf(int state) => Declaration[state].Name;

    /// <summary>Determines whether a state is reachable.</summary>
    /// <param name="state">The index of the state.</param>
    public bool IsReachable(int state) => _distances[state] != Unreachable;

    /// <summary>Gets the minimum number of messages from the first state to a reachable state.</summary>
    /// <param name="state">The index of the state.</param>
    public int DistanceTo(int state) => _distances[state];

    /// <summary>Gets the shortest path from the first state to a reachable state.</summary>
    /// <param name="state">The index of the state.</param>
    public IReadOnlyList<Transition> PathTo(int state)
    {
        var path = new Transition[_distances[state]];
        for (var place = path.Length - 1; place >= 0; place--)
        {
            path[place] = _arrivals[state]!;
            state = path[place].From;
        }

        return path;
    }

    /// <summary>
    /// Gets the next state of a role when a message that was sent in another state arrives, or null if the state does not receive it. A final state receives
    /// and discards a message that its sender declares only with <c>[Anytime]</c>; any other message would be lost.
    /// </summary>
    /// <param name="state">The index of the state in which the message arrives.</param>
    /// <param name="message">The transition of the sender.</param>
    public int? Receive(int state, Transition message)
    {
        foreach (var transition in _transitions[state])
        {
            if (transition.SendsSameMessage(message))
                return transition.Next;
        }

        return Declaration[state].IsFinal && message.IsAnytime && IsAnytimeAlone(message) ? state : null;
    }

    /// <summary>Determines for each state whether one of the given states is reachable from it.</summary>
    /// <param name="ends">The indexes of the states to reach.</param>
    public bool[] LeadTo(IEnumerable<int> ends)
    {
        var before = _transitions.SelectMany(transitions => transitions).ToLookup(transition => transition.Next, transition => transition.From);
        var leads = new bool[_transitions.Length];
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

    /// <summary>Creates the graph of the same declaration with additional transitions.</summary>
    /// <param name="added">The additional transitions.</param>
    public StateGraph With(IReadOnlyCollection<Transition> added) =>
        new(Declaration, [.. _transitions.Select((transitions, state) => (Transition[])[.. transitions, .. added.Where(transition => transition.From == state)])]);

    /// <summary>
    /// Creates the graph of the same declaration without some transitions. A state that is reachable in the new graph can be reached without the removed
    /// transitions.
    /// </summary>
    /// <param name="removed">The condition of the transitions to remove.</param>
    public StateGraph Without(Func<Transition, bool> removed) => new(Declaration, [.. _transitions.Select(transitions => transitions.Where(transition => !removed(transition)).ToArray())]);

    private bool IsAnytimeAlone(Transition message) => _transitions.All(transitions => transitions.All(transition => transition.IsAnytime || !transition.SendsSameMessage(message)));

    private void Walk()
    {
        var open = new Queue<int>([0]);
        _distances[0] = 0;
        while (open.Count > 0)
        {
            var state = open.Dequeue();
            foreach (var transition in _transitions[state])
            {
                if (IsReachable(transition.Next))
                    continue;
                _distances[transition.Next] = _distances[state] + 1;
                _arrivals[transition.Next] = transition;
                open.Enqueue(transition.Next);
            }
        }
    }
}
