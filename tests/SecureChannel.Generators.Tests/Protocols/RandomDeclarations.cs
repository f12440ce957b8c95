using System.Globalization;
using System.Text;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>Random protocols of a few states, most of them with states in which both roles may send.</summary>
internal static class RandomDeclarations
{
    public const int Messages = 6;

    /// <summary>The declaration as text: an enum of that name in the namespace of the messages M1 to M6.</summary>
    public static string Write(string name, Random random)
    {
        var states = random.Next(2, 6);
        var isFinal = random.Next(4) > 0;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"[Protocol(\"{name.ToLowerInvariant()}/1\")]");
        var anytime = $"[Anytime<M{Messages}>(Role.{(random.Next(2) == 0 ? "Client" : "Server")})]";
        var where = random.Next(4);
        if (where == 0)
            text.AppendLine(anytime);
        text.AppendLine(CultureInfo.InvariantCulture, $"internal enum {name}\n{{");
        for (var state = 0; state < states; state++)
        {
            if (isFinal && state == states - 1)
                text.Append("    [Final] ");
            else
            {
                if (where == 1 && random.Next(2) == 0)
                    text.Append(CultureInfo.InvariantCulture, $"    {anytime}");
                WriteTransitions(text, states, random);
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"S{state},");
        }

        return text.AppendLine("}").ToString();
    }

    /// <summary>
    /// Whether messages that cross are received and lead to one state: for each state that is reached, and each message of the client with each of the server.
    /// </summary>
    public static bool Verifies(DeclarationModel declaration)
    {
        var reached = new HashSet<int> { 0 };
        var open = new Stack<int>(reached);
        while (open.TryPop(out var state))
        {
            foreach (var client in declaration[state].SentBy(RoleModel.Client))
            {
                foreach (var server in declaration[state].SentBy(RoleModel.Server))
                {
                    var atClient = Arrive(declaration, client.Next, server);
                    if (atClient is null || atClient != Arrive(declaration, server.Next, client))
                        return false;
                }
            }

            foreach (var next in declaration[state].Transitions.Select(transition => transition.Next).Where(reached.Add))
                open.Push(next);
        }

        return true;
    }

    // What its sender may send at any time, and never else, is dropped at the end.
    private static int? Arrive(DeclarationModel declaration, int state, TransitionModel message)
    {
        if (Same(declaration[state]).FirstOrDefault() is { } received)
            return received.Next;
        return declaration[state].IsFinal && declaration.States.SelectMany(Same).All(sent => sent.IsAnytime) ? state : null;

        IEnumerable<TransitionModel> Same(StateModel at) => at.SentBy(message.Role).Where(sent => sent.Message.Equals(message.Message));
    }

    private static void WriteTransitions(StringBuilder text, int states, Random random)
    {
        var used = new HashSet<(string, int)>();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var (role, message) = (random.Next(2) == 0 ? "Client" : "Server", random.Next(1, Messages));
            if (used.Add((role, message)))
                text.Append(CultureInfo.InvariantCulture, $"    [{role}<M{message}>(S{random.Next(states)})]");
        }

        text.Append(' ');
    }
}
