namespace SecureChannel.Testing.Declarations;

/// <summary>
/// A declaration as plain numbers, which can be created at random, explored, and written as source. State <c>i</c> is named <c>Si</c>, message <c>j</c> is
/// named
/// <c>Mj</c>.
/// </summary>
/// <param name="States">The states; both roles begin in the first.</param>
/// <param name="Anytime">The messages that can be sent in every state that is not final.</param>
public sealed record SampleDeclaration(IReadOnlyList<SampleState> States, IReadOnlyList<SampleAnytime> Anytime)
{
    /// <summary>Gets the transitions of a state.</summary>
    public IEnumerable<SampleTransition> Sent(int state) =>
        States[state].IsFinal ? States[state].Transitions : States[state].Transitions.Concat(Loops(state));

    /// <summary>
    /// Gets the next state when a message arrives in a state, or null if the state does not receive it. A final state discards messages that are never ordinary
    /// transitions.
    /// </summary>
    public int? Receive(int state, Role sender, int message)
    {
        foreach (var transition in Sent(state))
        {
            if (transition.Sender == sender && transition.Message == message)
            {
                return transition.Next;
            }
        }

        var isInOrder = States.Any(other => other.Transitions.Any(transition => transition.Sender == sender && transition.Message == message));
        return States[state].IsFinal && !isInOrder ? state : null;
    }

    /// <summary>Gets the reachable states.</summary>
    public IReadOnlySet<int> Reachable
    {
        get
        {
            var reached = new HashSet<int> { 0 };
            var open = new Stack<int>(reached);
            while (open.Count > 0)
            {
                foreach (var transition in States[open.Pop()].Transitions.Where(transition => reached.Add(transition.Next)))
                {
                    open.Push(transition.Next);
                }
            }

            return reached;
        }
    }

    /// <summary>Gets the declaration without its unreachable states.</summary>
    public SampleDeclaration Pruned()
    {
        int[] kept = [.. Reachable.Order()];
        return this with
        {
            States = [.. kept.Select(state => States[state] with
            {
                Transitions = [.. States[state].Transitions.Select(transition => transition with { Next = Array.IndexOf(kept, transition.Next) })],
            })],
        };
    }

    /// <summary>Gets the source of the enum, and of a message <c>Mj</c> with the code <c>j</c> for each message that it names.</summary>
    /// <param name="name">The enum's name.</param>
    public string ToSource(string name)
    {
        var messages = Enumerable.Range(0, States.Count).SelectMany(Sent).Select(transition => transition.Message).Distinct().Order();
        return string.Join('\n',
        [
            .. messages.Select(message => $"[SecureChannel.Message({message})] public readonly partial record struct M{message}(int Value);"),
            "",
            "[SecureChannel.Protocol(\"sample/1\")]",
            .. Anytime.Select(anytime => anytime.ToSource()),
            $"public enum {name}",
            "{",
            .. States.SelectMany((state, index) => (IEnumerable<string>)
            [
                .. state.Transitions.Select(transition => $"    [SecureChannel.{transition.Sender}<M{transition.Message}>(S{transition.Next})]"),
                .. state.Anytime.Select(anytime => $"    {anytime.ToSource()}"),
                .. state.IsFinal ? ["    [SecureChannel.Final]"] : Array.Empty<string>(),
                $"    S{index},",
            ]),
            "}",
            "",
        ]);
    }

    private IEnumerable<SampleTransition> Loops(int state) =>
        Anytime.Concat(States[state].Anytime)
            .SelectMany(anytime => (anytime.By is { } by ? [by] : new[] { Role.Client, Role.Server })
                .Select(sender => new SampleTransition(sender, anytime.Message, state)));
}

/// <summary>A state of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="IsFinal">True if the protocol ends in this state.</param>
/// <param name="Transitions">The transitions, in which a role has each message at most once.</param>
public sealed record SampleState(bool IsFinal, IReadOnlyList<SampleTransition> Transitions)
{
    /// <summary>Gets the anytime messages of this state; empty if the state is final.</summary>
    public IReadOnlyList<SampleAnytime> Anytime { get; init; } = [];
}

/// <summary>A transition of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="Sender">The role that sends.</param>
/// <param name="Message">The message's number, which is also its code; at least 1.</param>
/// <param name="Next">The next state.</param>
public readonly record struct SampleTransition(Role Sender, int Message, int Next);

/// <summary>An <c>[Anytime]</c> of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="By">The role that can send it; null if both roles can.</param>
/// <param name="Message">The message's number, which is also its code.</param>
public readonly record struct SampleAnytime(Role? By, int Message)
{
    /// <summary>Gets the source of the attribute.</summary>
    public string ToSource() => $"[SecureChannel.Anytime<M{Message}>({(By is { } by ? $"SecureChannel.Role.{by}" : "")})]";
}
