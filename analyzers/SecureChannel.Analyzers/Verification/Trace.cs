using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A run of both roles that ends where a crossing goes wrong. No run of the declaration that ends so has fewer steps.</summary>
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

    /// <summary>What each role does, in order.</summary>
    public IReadOnlyList<TraceStep> Steps { get; }

    /// <summary>Finds the shortest run that ends in a crossing.</summary>
    public static Trace Of(StateGraph graph, Crossing crossing) => crossing switch
    {
        Crossing.NotReceived arrival => Of(graph, arrival),
        Crossing.Parted parted => Of(graph, parted),
        _ => throw new ArgumentOutOfRangeException(nameof(crossing)),
    };

    /// <summary>A way through the declaration on which nothing crosses, as <c>1. client in Start sends Login, goes to Ready; 2. ...</c>.</summary>
    public static string Describe(StateGraph graph, IReadOnlyList<Transition> path) => Number(path.Select(transition => Line(graph, Act(transition, transition.Sender))));

    /// <summary>The steps as <c>1. client in Start sends Login, goes to Ready; 2. ...</c>, and what is wrong as the last.</summary>
    public override string ToString() => Number(Steps.Select(step => Line(_graph, step)).Append(_end));

    // The receiver may be ahead by several messages that its peer has not seen yet: those cost one step, all others two.
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
            $"{message.Label} arrives at the {message.Receiver.Name()} in {graph.NameOf(arrival.At)}, where nothing receives it");
    }

    private static Trace Of(StateGraph graph, Crossing.Parted parted)
    {
        var common = graph.PathTo(parted.Client.From);
        var client = common.Select(transition => Act(transition, RoleModel.Client))
            .Append(Act(parted.Client, RoleModel.Client))
            .Append(new TraceStep(RoleModel.Client, false, parted.Server.Label, parted.Client.Next, parted.ClientEnd));
        var server = common.Select(transition => Act(transition, RoleModel.Server))
            .Append(Act(parted.Server, RoleModel.Server))
            .Append(new TraceStep(RoleModel.Server, false, parted.Client.Label, parted.Server.Next, parted.ServerEnd));
        return new Trace(
            graph,
            Interleave([.. client], [.. server]),
            $"the client is in {graph.NameOf(parted.ClientEnd)}, the server in {graph.NameOf(parted.ServerEnd)}, and nothing is on its way");
    }

    // The way by which the receiver gets ahead: its own messages alone, through states in which the message that is to arrive may be sent.
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

    // The first acts as long as it can; what it receives must have been sent.
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

/// <summary>What a role does in a run.</summary>
/// <param name="Role">The role.</param>
/// <param name="Sends">Whether it sends; else it receives.</param>
/// <param name="Label">What the message is called.</param>
/// <param name="From">The state it is in.</param>
/// <param name="Next">The state it goes to.</param>
public readonly record struct TraceStep(RoleModel Role, bool Sends, string Label, int From, int Next);
