namespace SecureChannel.Testing.Declarations;

/// <summary>
/// The oracle of the verification: runs both roles of a declaration in every order, with message queues between them, and searches for errors. It shares
/// neither code nor the algorithm with the rule that it checks. A bound of 1 finds every incorrect declaration; a higher bound may find a shorter run.
/// </summary>
public static class DeclarationExplorer
{
    /// <summary>Explores a declaration breadth-first.</summary>
    /// <param name="declaration">The declaration. In each state, a role has a message at most once.</param>
    /// <param name="bound">The maximum number of messages in transit in each direction, at least 1.</param>
    public static Exploration Explore(SampleDeclaration declaration, int bound)
    {
        var (notReceived, parted) = (default(int?), default(int?));
        var start = new Configuration(0, 0, "", "");
        var depths = new Dictionary<Configuration, int> { [start] = 0 };
        var open = new Queue<Configuration>([start]);
        while (open.TryDequeue(out var at))
        {
            if (IsStuck(declaration, at))
            {
                notReceived ??= depths[at];
                continue;
            }

            if (at.ToClient.Length == 0 && at.ToServer.Length == 0 && at.Client != at.Server)
            {
                parted ??= depths[at];
                continue;
            }

            foreach (var next in Steps(declaration, at, bound).Where(next => depths.TryAdd(next, depths[at] + 1)))
            {
                open.Enqueue(next);
            }
        }

        return new(notReceived, parted);
    }

    // Strict: the receiver must be able to receive the next message of its queue now.
    private static bool IsStuck(SampleDeclaration declaration, Configuration at) =>
        (at.ToClient.Length > 0 && declaration.Receive(at.Client, Role.Server, at.ToClient[0]) is null)
        || (at.ToServer.Length > 0 && declaration.Receive(at.Server, Role.Client, at.ToServer[0]) is null);

    private static IEnumerable<Configuration> Steps(SampleDeclaration declaration, Configuration at, int bound)
    {
        foreach (var (sender, message, next) in declaration.Sent(at.Client))
        {
            if (sender == Role.Client && at.ToServer.Length < bound)
            {
                yield return at with { Client = next, ToServer = at.ToServer + (char)message };
            }
        }

        foreach (var (sender, message, next) in declaration.Sent(at.Server))
        {
            if (sender == Role.Server && at.ToClient.Length < bound)
            {
                yield return at with { Server = next, ToClient = at.ToClient + (char)message };
            }
        }

        if (at.ToClient.Length > 0)
        {
            yield return at with { Client = declaration.Receive(at.Client, Role.Server, at.ToClient[0])!.Value, ToClient = at.ToClient[1..] };
        }

        if (at.ToServer.Length > 0)
        {
            yield return at with { Server = declaration.Receive(at.Server, Role.Client, at.ToServer[0])!.Value, ToServer = at.ToServer[1..] };
        }
    }

    // The states of both roles and their queues, oldest message first. A message is represented by the character of its number.
    private readonly record struct Configuration(int Client, int Server, string ToClient, string ToServer);
}

/// <summary>The result of an exploration.</summary>
/// <param name="NotReceived">The steps of the shortest run after which the next message of a queue cannot be received, or null.</param>
/// <param name="Parted">The steps of the shortest run after which no message is in transit and the roles are in different states, or null.</param>
public readonly record struct Exploration(int? NotReceived, int? Parted)
{
    /// <summary>Gets a value that indicates whether the declaration is correct.</summary>
    public bool IsRight => NotReceived is null && Parted is null;
}
