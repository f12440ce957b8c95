namespace SecureChannel.Testing.Declarations;

/// <summary>A declaration as plain numbers, to be made at random, explored, and written as source. State <c>i</c> is called <c>Si</c>, message <c>j</c> <c>Mj</c>.</summary>
/// <param name="States">The states; both roles begin in the first.</param>
/// <param name="Anytime">What may be sent in every state that is not final.</param>
public sealed record SampleDeclaration(IReadOnlyList<SampleState> States, IReadOnlyList<SampleAnytime> Anytime)
{
    /// <summary>What may be sent in a state.</summary>
    public IEnumerable<SampleTransition> Sent(int state) =>
        States[state].IsFinal ? States[state].Transitions : States[state].Transitions.Concat(Loops(state));

    /// <summary>Where a message leads to that arrives in a state; null if nothing receives it there. The end drops what is never part of the order.</summary>
    public int? Receive(int state, Role sender, int message)
    {
        foreach (var transition in Sent(state))
        {
            if (transition.Sender == sender && transition.Message == message)
            {
                return transition.Next;
            }
        }

        return States[state].IsFinal && !States.Any(other => other.Transitions.Any(transition => transition.Sender == sender && transition.Message == message)) ? state : null;
    }

    /// <summary>The states that can be reached.</summary>
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

    /// <summary>The same without the states that cannot be reached.</summary>
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

    /// <summary>The enum, and a message <c>Mj</c> of code <c>j</c> for each that it names.</summary>
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
            .SelectMany(anytime => (anytime.By is { } by ? [by] : new[] { Role.Client, Role.Server }).Select(sender => new SampleTransition(sender, anytime.Message, state)));
}

/// <summary>A state of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="IsFinal">Whether the protocol ends here.</param>
/// <param name="Transitions">What may be sent here; a role has no message twice.</param>
public sealed record SampleState(bool IsFinal, IReadOnlyList<SampleTransition> Transitions)
{
    /// <summary>What may be sent here besides, and leads back here; none if the protocol ends here.</summary>
    public IReadOnlyList<SampleAnytime> Anytime { get; init; } = [];
}

/// <summary>A transition of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="Sender">Who sends.</param>
/// <param name="Message">The message's number and code, 1 or more.</param>
/// <param name="Next">The state after it.</param>
public readonly record struct SampleTransition(Role Sender, int Message, int Next);

/// <summary>An <c>[Anytime]</c> of a <see cref="SampleDeclaration"/>.</summary>
/// <param name="By">Who may send it; null if both may.</param>
/// <param name="Message">The message's number and code.</param>
public readonly record struct SampleAnytime(Role? By, int Message)
{
    /// <summary>The attribute.</summary>
    public string ToSource() => $"[SecureChannel.Anytime<M{Message}>({(By is { } by ? $"SecureChannel.Role.{by}" : "")})]";
}
