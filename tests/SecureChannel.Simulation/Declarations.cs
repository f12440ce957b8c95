namespace SecureChannel.Simulation;

/// <summary>The client greets.</summary>
[Message(1)]
public readonly partial record struct Hello(int Version);

/// <summary>The server greets.</summary>
[Message(2)]
public readonly partial record struct Welcome(int Version);

/// <summary>A question with numbered content.</summary>
[Message(3)]
public readonly partial record struct Question(int Number, [property: ByteLength(0, 4 << 20)] ReadOnlyMemory<byte> Content);

/// <summary>The answer to a question.</summary>
[Message(4)]
public readonly partial record struct Result(int Number, [property: ByteLength(0, 4 << 20)] ReadOnlyMemory<byte> Content);

/// <summary>The client has no more questions: from now on both ends send.</summary>
[Message(5)]
public readonly partial record struct Proceed;

/// <summary>Numbered content.</summary>
[Message(6)]
public readonly partial record struct Parcel(int Number, [property: ByteLength(0, 4 << 20)] ReadOnlyMemory<byte> Content);

/// <summary>The last message of its sender.</summary>
[Message(7)]
public readonly partial record struct Goodbye;

/// <summary>A protocol with questions and answers, a state in which both ends send, and deadlines.</summary>
[Protocol("simulation/1")]
public enum Simulated
{
    [Client<Hello>(Greeting)]
    Start,

    [Deadline(20)]
    [Server<Welcome>(Asking)]
    Greeting,

    [Client<Question>(Answering)]
    [Client<Proceed>(Talking)]
    Asking,

    [Deadline(30.5)]
    [Server<Result>(Asking)]
    Answering,

    [Client<Parcel>(Talking)]
    [Server<Parcel>(Talking)]
    [Client<Goodbye>(ClientLeft)]
    [Server<Goodbye>(ServerLeft)]
    Talking,

    [Deadline(60)]
    [Server<Parcel>(ClientLeft)]
    [Server<Goodbye>(Closed)]
    ClientLeft,

    [Deadline(60)]
    [Client<Parcel>(ServerLeft)]
    [Client<Goodbye>(Closed)]
    ServerLeft,

    [Final]
    Closed,
}
