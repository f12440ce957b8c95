using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>The search for transitions to add, so that a message is received in every state in which the message can arrive.</summary>
public static class Repair
{
    // A declaration that needs more additions describes a different protocol.
    private const int MaxAdditions = 16;

    /// <summary>Finds transitions to add that correct one crossing and introduce no other failure.</summary>
    /// <param name="graph">The declaration.</param>
    /// <param name="arrival">The crossing to correct.</param>
    /// <param name="precedence">The role whose message determines the final state if neither role receives the other's message.</param>
    /// <returns>The additions, or null if none are possible: a final state would have to receive a message, or names or codes would conflict.</returns>
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
                case Crossing.NotReceived missing when added.Count < MaxAdditions && Add(repaired, missing, precedence, added) is { } addition:
                    added.Add(addition);
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Determines whether neither role receives the message of its peer, so that a repair must choose the message that takes precedence.</summary>
    /// <param name="graph">The declaration.</param>
    /// <param name="arrival">The crossing.</param>
    public static bool HasChoice(StateGraph graph, Crossing.NotReceived arrival) => graph.Receive(arrival.Message.Next, arrival.Crossed) is null;

    private static Addition? Add(StateGraph graph, Crossing.NotReceived missing, RoleModel precedence, IReadOnlyList<Addition> added)
    {
        var (at, message) = (graph.Declaration[missing.At], missing.Message);
        if (at.IsFinal || at.Name == message.Label || graph[missing.At].Any(transition => TransitionConflict.OfCodes(transition, message) || TransitionConflict.OfNames(transition, message)))
            return null;
        var next = graph.Receive(missing.Message.Next, missing.Crossed) ?? (precedence == missing.Crossed.Sender ? missing.At : missing.Message.Next);
        // An added transition has no attribute to copy, but its original has.
        var copied = missing.Message.Index != Transition.NotDeclared ? missing.Message : added.First(addition => addition.Copied.SendsSameMessage(missing.Message)).Copied;
        return new Addition(missing.At, copied, next);
    }

    private static bool IsOfPair(Crossing crossing, Crossing.NotReceived arrival) => crossing is Crossing.NotReceived other
        && (other == arrival || (other.Message == arrival.Crossed && other.Crossed == arrival.Message));
}

/// <summary>A transition to add to a declaration.</summary>
/// <param name="State">The state that gets the transition.</param>
/// <param name="Copied">A declared transition with the same message in another state.</param>
/// <param name="Next">The next state.</param>
public readonly record struct Addition(int State, Transition Copied, int Next)
{
    /// <summary>Creates the transition to add from the declared transition.</summary>
    /// <param name="graph">The declaration.</param>
    public Transition ToTransition(StateGraph graph) => Copied with { From = State, Index = Transition.NotDeclared, Next = Next, NextName = graph.NameOf(Next), IsAnytime = false };
}
