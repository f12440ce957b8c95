using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>Finds the transitions that are missing where a message arrives and nothing receives it, so that the declaration holds with them.</summary>
public static class Repair
{
    // Whoever misses more has another protocol in mind.
    private const int Most = 16;

    /// <summary>Finds the transitions to add. What was wrong elsewhere stays so; nothing else becomes wrong.</summary>
    /// <param name="graph">The declaration.</param>
    /// <param name="arrival">What goes wrong.</param>
    /// <param name="precedence">Whose message decides where both go on, if neither end receives the other's.</param>
    /// <returns>Null if no addition mends it: a final state would have to receive something, or two names or codes would meet.</returns>
    public static IReadOnlyList<Addition>? Find(StateGraph graph, Crossing.NotReceived arrival, RoleModel precedence)
    {
        var known = new HashSet<Crossing>(CrossingAnalysis.Check(graph).Where(crossing => !IsOfPair(crossing, arrival)));
        var added = new List<Addition>();
        while (true)
        {
            var repaired = graph.With([.. added.Select(addition => addition.ToTransition(graph))]);
            switch (CrossingAnalysis.Check(repaired).FirstOrDefault(crossing => !known.Contains(crossing)))
            {
                case null:
                    return added;
                case Crossing.NotReceived missing when added.Count < Most && Add(repaired, missing, precedence, added) is { } addition:
                    added.Add(addition);
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Whether neither end receives the other's message, so that a repair has to choose where both go on.</summary>
    public static bool HasChoice(StateGraph graph, Crossing.NotReceived arrival) => graph.Receive(arrival.Message.Next, arrival.Crossed) is null;

    private static Addition? Add(StateGraph graph, Crossing.NotReceived missing, RoleModel precedence, IReadOnlyList<Addition> added)
    {
        var (at, message) = (graph.Declaration[missing.At], missing.Message);
        if (at.IsFinal || at.Name == message.Label || graph[missing.At].Any(transition => TransitionConflict.OfCodes(transition, message) || TransitionConflict.OfNames(transition, message)))
            return null;
        var next = graph.Receive(missing.Message.Next, missing.Crossed) ?? (precedence == missing.Crossed.Sender ? missing.At : missing.Message.Next);
        // What is added itself cannot be copied, but that of which it is a copy can.
        var copied = missing.Message.Index != Transition.NotDeclared ? missing.Message : added.First(addition => addition.Copied.SendsSameMessage(missing.Message)).Copied;
        return new Addition(missing.At, copied, next);
    }

    private static bool IsOfPair(Crossing crossing, Crossing.NotReceived arrival) => crossing is Crossing.NotReceived other
        && (other == arrival || (other.Message == arrival.Crossed && other.Crossed == arrival.Message));
}

/// <summary>A transition that is to be added.</summary>
/// <param name="State">The state that gets it.</param>
/// <param name="Copied">The transition that sends the same message elsewhere.</param>
/// <param name="Next">The state that it leads to.</param>
public readonly record struct Addition(int State, Transition Copied, int Next)
{
    /// <summary>The addition as a transition.</summary>
    public Transition ToTransition(StateGraph graph) => Copied with { From = State, Index = Transition.NotDeclared, Next = Next, NextName = graph.NameOf(Next), IsAnytime = false };
}
