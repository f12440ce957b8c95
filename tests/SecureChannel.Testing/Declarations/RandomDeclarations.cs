namespace SecureChannel.Testing.Declarations;

/// <summary>
/// Creates random declarations, of which about half are correct. Purely random declarations are only correct if no messages can cross. Therefore parts that are
/// correct by construction are inserted, and then, in half of the cases, one transition is corrupted.
/// </summary>
public static class RandomDeclarations
{
    /// <summary>Creates a correct or incorrect declaration with 2 to about 20 states.</summary>
    public static SampleDeclaration Next(Random random)
    {
        var states = Draft(random);
        for (var gadgets = random.Next(4); gadgets > 0; gadgets--)
        {
            AddGadget(states, random);
        }

        if (random.Next(2) == 0)
        {
            Spoil(states, random);
        }

        SampleAnytime[] everywhere = random.Next(4) == 0 ? [new(AnySender(random), 50)] : [];
        var members = new SampleState[states.Count];
        for (var state = 0; state < members.Length; state++)
        {
            members[state] = new(states[state].Count == 0, [.. states[state]]);
        }

        if (random.Next(3) == 0)
        {
            AddLoops(members, random);
        }

        return new(members, everywhere);
    }

    /// <summary>Creates a declaration that is correct according to the oracle, with only reachable states and at least one transition.</summary>
    public static SampleDeclaration NextRight(Random random)
    {
        while (true)
        {
            var declaration = Next(random).Pruned();
            if (declaration.States.Count > 1 && DeclarationExplorer.Explore(declaration, bound: 1).IsRight)
            {
                return declaration;
            }
        }
    }

    // Adds loops to some states. In half of the cases, only to states that the other role can leave only for a final state, where loops are harmless. A message
    // of a loop may also be part of the order.
    private static void AddLoops(SampleState[] states, Random random)
    {
        var (by, message, isHarmless) = ((Role)random.Next(2), random.Next(4) == 0 ? 1 : 51, random.Next(2) == 0);
        for (var state = 0; state < states.Length; state++)
        {
            var at = states[state];
            if (at.IsFinal || at.Transitions.Any(transition => transition.Sender == by && transition.Message == message))
            {
                continue;
            }

            var ofOther = at.Transitions.Where(transition => transition.Sender != by).ToList();
            if (isHarmless ? ofOther.Count > 0 && ofOther.All(transition => states[transition.Next].IsFinal) : random.Next(3) == 0)
            {
                states[state] = at with { Anytime = [new(by, message)] };
            }
        }
    }

    private static Role? AnySender(Random random) => random.Next(3) switch { 0 => null, 1 => Role.Client, _ => Role.Server };

    private static List<List<SampleTransition>> Draft(Random random)
    {
        var states = Enumerable.Range(0, random.Next(2, 8)).Select(_ => new List<SampleTransition>()).ToList();
        // The last state is final.
        foreach (var state in states.SkipLast(1))
        {
            var (client, server) = random.Next(10) switch { < 5 => (true, false), < 9 => (false, true), _ => (true, true) };
            for (var transitions = random.Next(1, 4); transitions > 0; transitions--)
            {
                var sender = client && server ? (Role)random.Next(2) : client ? Role.Client : Role.Server;
                Add(state, new SampleTransition(sender, random.Next(1, 5), random.Next(states.Count)));
            }
        }

        return states;
    }

    // Inserts a part in which both roles send before a state: each role follows a chain of its own messages, and may repeat messages.
    private static void AddGadget(List<List<SampleTransition>> states, Random random)
    {
        var (width, height, first, end) = (random.Next(1, 4), random.Next(1, 4), states.Count, random.Next(states.Count));
        var repeats = new[] { random.Next(-1, width), random.Next(-1, height) };
        var shared = random.Next(2) * 10;
        for (var cell = 0; cell < (width + 1) * (height + 1); cell++)
        {
            states.Add([]);
        }

        for (var column = 0; column <= width; column++)
        {
            for (var row = 0; row <= height; row++)
            {
                var state = states[Cell(column, row)];
                if (column < width)
                {
                    Add(state, new SampleTransition(Role.Client, 10 + column, Cell(column + 1, row)));
                }

                if (row < height)
                {
                    Add(state, new SampleTransition(Role.Server, 20 - shared + row, Cell(column, row + 1)));
                }

                if (column == repeats[0])
                {
                    Add(state, new SampleTransition(Role.Client, 30, Cell(column, row)));
                }

                if (row == repeats[1])
                {
                    Add(state, new SampleTransition(Role.Server, 40, Cell(column, row)));
                }
            }
        }

        // One role leaves the last cell, and may have no other message there.
        if (random.Next(3) > 0)
        {
            Add(states[Cell(width, height)], new SampleTransition((Role)random.Next(2), 5, end));
        }

        if (random.Next(4) > 0)
        {
            var before = states[random.Next(first)];
            var sender = before.Count > 0 ? before[0].Sender : (Role)random.Next(2);
            Add(before, new SampleTransition(sender, 6, first));
        }

        int Cell(int column, int row) => first + (column * (height + 1)) + row;
    }

    private static void Spoil(List<List<SampleTransition>> states, Random random)
    {
        var state = states[random.Next(states.Count)];
        if (state.Count == 0)
        {
            return;
        }

        var place = random.Next(state.Count);
        var transition = state[place];
        state.RemoveAt(place);
        switch (random.Next(5))
        {
            case 0:
                Add(state, transition with { Next = random.Next(states.Count) });
                break;
            case 1:
                Add(state, transition with { Sender = transition.Sender == Role.Client ? Role.Server : Role.Client });
                break;
            case 2:
                Add(state, transition with { Message = random.Next(1, 5) });
                break;
            case 3:
                Add(state, transition);
                Add(states[random.Next(states.Count)], new SampleTransition((Role)random.Next(2), random.Next(1, 5), random.Next(states.Count)));
                break;
            default:
                break;
        }
    }

    private static void Add(List<SampleTransition> state, SampleTransition transition)
    {
        if (!state.Any(other => other.Sender == transition.Sender && other.Message == transition.Message))
        {
            state.Add(transition);
        }
    }
}
