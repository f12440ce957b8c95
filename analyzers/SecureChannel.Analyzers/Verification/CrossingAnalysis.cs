using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// Finds every pair of messages that may cross and must not. For each state that can be reached, with a client's message that leads to a and a server's that
/// leads to b: a must receive the server's, b the client's, and both must lead to one state. This is exact: where it holds, crossings of any number of messages
/// fall into such pairs, so the roles meet no message that they cannot receive and agree on the state whenever nothing is on its way; where it does not, the
/// pair itself is a run that fails.
/// </summary>
public static class CrossingAnalysis
{
    /// <summary>Finds what goes wrong; empty if the declaration is right.</summary>
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
            found.Add(new Crossing.Parted(client, server, left, right));
    }
}
