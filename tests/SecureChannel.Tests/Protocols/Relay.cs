namespace SecureChannel.Tests.Protocols;

[Message(1)] public readonly partial record struct Ask(int Number);
[Message(2)] public readonly partial record struct Part(int Number, bool IsLast);
[Message(3)] public readonly partial record struct Probe;

/// <summary>The last part, distinguished by its content.</summary>
[VariantOf<Part>]
public readonly partial record struct LastPart
{
    private static bool Matches(scoped in Part message) => message.IsLast;
}

/// <summary>A protocol in which the server answers in parts, within a deadline, and may probe at any time.</summary>
[Protocol("relay/1")]
[Anytime<Probe>(Role.Server)]
internal enum Relay
{
    [Client<Ask>(Telling)]
    Start,

    [Deadline(30)]
    [Server<Part>(Telling)]
    [Server<LastPart>(Done)]
    Telling,

    [Final]
    Done,
}
