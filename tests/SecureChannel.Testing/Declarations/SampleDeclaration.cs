namespace SecureChannel.Testing.Declarations;

/// <summary>
/// A declaration as numbers, which can be created at random, explored and written as source. State <c>i</c> has the name <c>Si</c>, message <c>j</c> the name
/// <c>Mj</c>.
/// </summary>
/// <param name="States">The states. Both roles start in the first.</param>
/// <param name="Anytime">The messages that can be sent in every state that is not final.</param>
public sealed record SampleDeclaration(IReadOnlyList<SampleState> States, IReadOnlyList<SampleAnytime> Anytime)
{
    /// <summary>Gets the transitions of a state, including those of <c>[Anytime]</c>.</summary>
    public IEnumerable<SampleTransition> Sent(int state) =>
        States[state].IsFinal ? States[state].Transitions : States[state].Transitions.Concat(Loops(state));

    /// <summary>
    /// Gets the state after a message is received in a state, or null if the state does not receive it. A final state discards messages that are only
    /// <c>[Anytime]</c>.
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

    /// <summary>Creates the same declaration without unreachable states.</summary>
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

    /// <summary>Creates the source of the enum, and of a message <c>Mj</c> with the code <c>j</c> for each message that it uses.</summary>
    /// <param name="name">The name of the enum.</param>
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
/// <param name="IsFinal">True if the protocol ends in this state; otherwise, false.</param>
/// <param name="Transitions">The transitions. A role has a message at most once.</param>
public sealed record SampleState(bool IsFinal, IReadOnlyList<SampleTransition> Transitions)
{
    /// <summary>Gets the messages that can also be sent in this state and return to it. A final state has none.</summary>
    public IReadOnlyList<SampleAnytime> Anytime { get; init; } = [];
}

/// <summary>A transition of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="Sender">The sender.</param>
/// <param name="Message">The number and code of the message, at least 1.</param>
/// <param name="Next">The next state.</param>
public readonly record struct SampleTransition(Role Sender, int Message, int Next);

/// <summary>An <c>[Anytime]</c> of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="By">The sender, or null for both roles.</param>
/// <param name="Message">The number and code of the message.</param>
public readonly record struct SampleAnytime(Role? By, int Message)
{
    /// <summary>Creates the source of the attribute.</summary>
    public string ToSource() => $"[SecureChannel.Anytime<M{Message}>({(By is { } by ? $"SecureChannel.Role.{by}" : "")})]";
}
