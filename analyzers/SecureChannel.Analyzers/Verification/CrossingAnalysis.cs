using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// The analysis of every pair of messages that can cross. In each reachable state, a client's message leads to a state A, and a server's message leads to a
/// state B. A must receive the server's message, B must receive the client's message, and both messages must then lead to the same state. This condition is
/// exact. If every pair satisfies the condition, crossings of any number of messages decompose into such pairs. Each role then receives every message, and both
/// roles are in the same state whenever no message is in transit. If a pair violates the condition, the pair itself is a run that fails.
/// </summary>
public static class CrossingAnalysis
{
    /// <summary>Finds all crossings that fail.</summary>
    /// <param name="graph">The declaration.</param>
    /// <returns>The failures; empty if the declaration is correct.</returns>
    public static IReadOnlyList<Crossing> Check(StateGraph graph)
    {
        var found = new List<Crossing>();
        foreach (var state in graph.Reachable)
        {
            foreach (var client in graph[state].Where(transition => transition.Sender == RoleModel.Client))
            {
                foreach (var server in graph[state].Where(transition => transition.Sender == RoleModel.Server))
                    Cross(graph, client, server, found);
            }
        }

        return found;
    }

    private static void Cross(StateGraph graph, Transition client, Transition server, List<Crossing> found)
    {
        var (clientEnd, serverEnd) = (graph.Receive(client.Next, server), graph.Receive(server.Next, client));
        if (clientEnd is null)
            found.Add(new Crossing.NotReceived(server, client));
        if (serverEnd is null)
            found.Add(new Crossing.NotReceived(client, server));
        if (clientEnd is { } left && serverEnd is { } right && left != right)
            found.Add(new Crossing.Diverged(client, server, left, right));
    }
}
