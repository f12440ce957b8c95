using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A declaration as a graph: the transitions that each state offers, how far each state is from the first, and which states lead where.</summary>
public sealed class StateGraph
{
    private const int Unreachable = int.MaxValue;

    private readonly Transition[][] _transitions;
    private readonly int[] _distances;
    private readonly Transition?[] _arrivals;

    /// <summary>Takes the transitions of a declaration.</summary>
    /// <param name="declaration">The declaration; has at least one state.</param>
    public StateGraph(DeclarationModel declaration)
        : this(declaration, [.. declaration.States.Select(TransitionsOf)])
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

    /// <summary>The declaration.</summary>
    public DeclarationModel Declaration { get; }

    /// <summary>The transitions that a state offers, in the order of the attributes.</summary>
    public IReadOnlyList<Transition> this[int state] => _transitions[state];

    /// <summary>The states that can be reached, the first one included.</summary>
    public IEnumerable<int> Reachable => Enumerable.Range(0, _transitions.Length).Where(IsReachable);

    /// <summary>The name of a state.</summary>
    public string NameOf(int state) => Declaration[state].Name;

    /// <summary>Whether a state can be reached.</summary>
    public bool IsReachable(int state) => _distances[state] != Unreachable;

    /// <summary>How many messages lead from the first state to one that can be reached, at least.</summary>
    public int DistanceTo(int state) => _distances[state];

    /// <summary>The shortest way from the first state to one that can be reached.</summary>
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
    /// Where a role goes when a message that was sent elsewhere arrives in a state; null if nothing receives it there. At the end a message is received, and
    /// dropped, that its sender has from <c>[Anytime]</c> alone: one that is part of the order somewhere is missed.
    /// </summary>
    public int? Receive(int state, Transition message)
    {
        foreach (var transition in _transitions[state])
        {
            if (transition.SendsSameMessage(message))
                return transition.Next;
        }

        return Declaration[state].IsFinal && message.IsAnytime && IsAnytimeAlone(message) ? state : null;
    }

    /// <summary>Of each state, whether one of the given can be reached from it.</summary>
    /// <param name="ends">Where to arrive.</param>
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

    /// <summary>The same declaration with more transitions.</summary>
    public StateGraph With(IReadOnlyCollection<Transition> added) =>
        new(Declaration, [.. _transitions.Select((transitions, state) => (Transition[])[.. transitions, .. added.Where(transition => transition.From == state)])]);

    /// <summary>The same declaration without some transitions: what can be reached then needs none of them.</summary>
    public StateGraph Without(Func<Transition, bool> removed) => new(Declaration, [.. _transitions.Select(transitions => transitions.Where(transition => !removed(transition)).ToArray())]);

    private bool IsAnytimeAlone(Transition message) => _transitions.All(transitions => transitions.All(transition => transition.IsAnytime || !transition.SendsSameMessage(message)));

    private static Transition[] TransitionsOf(StateModel state) => [.. state.Transitions];

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
