using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>The shortest run of both roles that ends in a crossing that fails.</summary>
public sealed class Trace
{
    private readonly StateGraph _graph;
    private readonly string _end;

    private Trace(StateGraph graph, IReadOnlyList<TraceStep> steps, string end)
    {
        _graph = graph;
        Steps = steps;
        _end = end;
    }

    /// <summary>Gets the steps of both roles in order.</summary>
    public IReadOnlyList<TraceStep> Steps { get; }

    /// <summary>Finds the shortest run that ends in a crossing.</summary>
    /// <param name="graph">The declaration.</param>
    /// <param name="crossing">The crossing.</param>
    public static Trace Of(StateGraph graph, Crossing crossing) => crossing switch
    {
        Crossing.NotReceived arrival => Of(graph, arrival),
        Crossing.Diverged diverged => Of(graph, diverged),
        _ => throw new ArgumentOutOfRangeException(nameof(crossing)),
    };

    /// <summary>Describes a path without crossings, such as <c>1. client in Start sends Login, goes to Ready; 2. ...</c>.</summary>
    /// <param name="graph">The declaration.</param>
    /// <param name="path">The path.</param>
    public static string Describe(StateGraph graph, IReadOnlyList<Transition> path) => Number(path.Select(transition => Line(graph, Act(transition, transition.Sender))));

    /// <summary>Gets the steps as <c>1. client in Start sends Login, goes to Ready; 2. ...</c>, followed by the failure.</summary>
    public override string ToString() => Number(Steps.Select(step => Line(_graph, step)).Append(_end));

    // The receiver can be ahead by several messages that its peer has not received: each is one step, every other message is two.
    private static Trace Of(StateGraph graph, Crossing.NotReceived arrival)
    {
        var (from, ahead) = Advance(graph, arrival);
        var common = graph.PathTo(from);
        var message = graph[from].First(transition => transition.SendsSameMessage(arrival.Message));
        var receiver = common.Select(transition => Act(transition, arrival.Message.Receiver)).Concat(ahead.Select(transition => Act(transition, transition.Sender)));
        var sender = common.Select(transition => Act(transition, message.Sender)).Append(Act(message, message.Sender));
        return new Trace(
            graph,
            Interleave([.. receiver], [.. sender]),
            $"{message.Label} arrives at the {message.Receiver.Name()} in {graph.NameOf(arrival.At)}, which does not receive it");
    }

    private static Trace Of(StateGraph graph, Crossing.Diverged diverged)
    {
        var common = graph.PathTo(diverged.Client.From);
        var client = common.Select(transition => Act(transition, RoleModel.Client))
            .Append(Act(diverged.Client, RoleModel.Client))
            .Append(new TraceStep(RoleModel.Client, false, diverged.Server.Label, diverged.Client.Next, diverged.ClientEnd));
        var server = common.Select(transition => Act(transition, RoleModel.Server))
            .Append(Act(diverged.Server, RoleModel.Server))
            .Append(new TraceStep(RoleModel.Server, false, diverged.Client.Label, diverged.Server.Next, diverged.ServerEnd));
        return new Trace(
            graph,
            Interleave([.. client], [.. server]),
            $"the client is in {graph.NameOf(diverged.ClientEnd)} and the server in {graph.NameOf(diverged.ServerEnd)}, with no message in transit");
    }

    // The path on which the receiver gets ahead: only its own messages, through states in which the sender can send the message.
    private static (int From, IReadOnlyList<Transition> Ahead) Advance(StateGraph graph, Crossing.NotReceived arrival)
    {
        var next = new Dictionary<int, Transition?> { [arrival.Crossed.From] = null };
        var steps = new Dictionary<int, int> { [arrival.Crossed.From] = 0 };
        var before = graph.Reachable.SelectMany(state => graph[state])
            .Where(transition => transition.Sender == arrival.Crossed.Sender && graph.Receive(transition.From, arrival.Message) is not null)
            .ToLookup(transition => transition.Next);
        var open = new Queue<int>([arrival.Crossed.From]);
        while (open.Count > 0)
        {
            var state = open.Dequeue();
            foreach (var transition in before[state].Where(transition => !next.ContainsKey(transition.From)))
            {
                next[transition.From] = transition;
                steps[transition.From] = steps[state] + 1;
                open.Enqueue(transition.From);
            }
        }

        var from = steps.OrderBy(item => (2 * graph.DistanceTo(item.Key)) + item.Value).ThenBy(item => graph.DistanceTo(item.Key)).First().Key;
        var ahead = new List<Transition>();
        for (var transition = next[from]; transition is { } taken; transition = next[taken.Next])
            ahead.Add(taken);
        ahead.Add(arrival.Crossed);
        return (from, ahead);
    }

    private static string Number(IEnumerable<string> lines) => string.Join("; ", lines.Select((line, place) => $"{place + 1}. {line}"));

    private static string Line(StateGraph graph, TraceStep step) =>
        $"{step.Role.Name()} in {graph.NameOf(step.From)} {(step.Sends ? "sends" : "receives")} {step.Label}, goes to {graph.NameOf(step.Next)}";

    private static TraceStep Act(Transition transition, RoleModel role) => new(role, transition.Sender == role, transition.Label, transition.From, transition.Next);

    // The first role acts as long as it can; a message must be sent before it is received.
    private static List<TraceStep> Interleave(TraceStep[] first, TraceStep[] second)
    {
        var steps = new List<TraceStep>(first.Length + second.Length);
        var (done, other, sent, received) = (0, 0, 0, 0);
        while (done < first.Length || other < second.Length)
        {
            if (done < first.Length && (first[done].Sends || received < sent))
            {
                received += first[done].Sends ? 0 : 1;
                steps.Add(first[done++]);
            }
            else
            {
                sent += second[other].Sends ? 1 : 0;
                steps.Add(second[other++]);
            }
        }

        return steps;
    }
}

/// <summary>A step of a role in a run.</summary>
/// <param name="Role">The role.</param>
/// <param name="Sends">True if the role sends the message; false if it receives the message.</param>
/// <param name="Label">The name of the message.</param>
/// <param name="From">The role's state before the step.</param>
/// <param name="Next">The role's state after the step.</param>
public readonly record struct TraceStep(RoleModel Role, bool Sends, string Label, int From, int Next);
