using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// Finds every pair of messages that fails when it crosses. For each reachable state, with a client's message that leads to a and a server's message that leads
/// to b: a must receive the server's message, b the client's, and both must lead to the same state. This is exact. If it holds, crossings of any number of
/// messages decompose into such pairs, so each role receives every message and both agree on the state whenever no message is in transit. If it does not hold,
/// the pair itself is a run that fails.
/// </summary>
public static class CrossingAnalysis
{
    /// <summary>Finds all failures.</summary>
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
