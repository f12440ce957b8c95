namespace SecureChannel;

/// <summary>
/// Declares an application protocol on a top-level enum without explicit values: each member is a state, the first one is where both roles begin. The
/// generator emits a type for each role, with a token for each state.
/// </summary>
/// <param name="name">Name and version, such as <c>bank/1</c>: what ALPN (RFC 7301) carries, 1 to 255 bytes of UTF-8.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class ProtocolAttribute(string name) : Attribute
{
    /// <summary>Name and version.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Declares a handshake on a top-level enum without explicit values. The generator emits a machine for each role that knows the order; hand-written partial
/// methods fill in what each message means.
/// </summary>
/// <param name="name">Name and version, such as <c>key-transport/1</c>.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class HandshakeAttribute(string name) : Attribute
{
    /// <summary>Name and version.</summary>
    public string Name { get; } = name;
}

/// <summary>In this state the client may send <typeparamref name="TMessage"/>; both roles then go to <see cref="TransitionAttribute.Next"/>.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
/// <param name="next">The state after it: a member of the same enum.</param>
public sealed class ClientAttribute<TMessage>(object next) : TransitionAttribute(next)
    where TMessage : allows ref struct;

/// <summary>In this state the server may send <typeparamref name="TMessage"/>; both roles then go to <see cref="TransitionAttribute.Next"/>.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
/// <param name="next">The state after it: a member of the same enum.</param>
public sealed class ServerAttribute<TMessage>(object next) : TransitionAttribute(next)
    where TMessage : allows ref struct;

/// <summary>A step of a protocol or handshake: who sends which message, and what comes next. Stands on the enum member that is the state before it.</summary>
[AttributeUsage(AttributeTargets.Field, AllowMultiple = true)]
public abstract class TransitionAttribute : Attribute
{
    private protected TransitionAttribute(object next) => Next = next;

    /// <summary>The state after the message.</summary>
    public object Next { get; }

    /// <summary>
    /// Whose identity the message proves to its receiver. The receiver's handler must then return an <see cref="SecureChannel.Handshakes.IdentityProof"/>, which only the
    /// check itself can make.
    /// </summary>
    public Role Authenticates { get; init; }

    /// <summary>
    /// Whether the message of a handshake carries a public key that its sender made for this session alone, such as a key share (RFC 9846 section 4.2.8). Where
    /// no way leads to an established state without one of each end, sessions are declared to have forward secrecy; elsewhere a rule tells that they have not.
    /// </summary>
    public bool CarriesEphemeralKey { get; init; }

    /// <summary>The name of the message in this state's generated types, where two messages of one simple name meet; the message's own name if null.</summary>
    public string? As { get; init; }
}

/// <summary>
/// A message that may be sent at any time: it leads back to the state in which it is sent. On the enum, in every state that is not final; on a member, in that
/// state. What crosses the end of a protocol is dropped unread, unless a <c>[Client]</c> or <c>[Server]</c> makes the message part of the order elsewhere. In a
/// handshake it is sent by the generated <c>Send</c> method, and is never owed.
/// </summary>
/// <typeparam name="TMessage">The message.</typeparam>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Field, AllowMultiple = true)]
public sealed class AnytimeAttribute<TMessage> : Attribute
    where TMessage : allows ref struct
{
    /// <summary>Either end may send it.</summary>
    public AnytimeAttribute()
    {
    }

    /// <summary>One end may send it.</summary>
    /// <param name="by">The end.</param>
    public AnytimeAttribute(Role by) => By = by;

    /// <summary>Who may send it; null if both may.</summary>
    public Role? By { get; }

    /// <summary>The name of the message in the generated types; the message's own name if null.</summary>
    public string? As { get; init; }
}

/// <summary>
/// How long a protocol may stay in this state: whichever end sees the time pass ends the session with <see cref="SessionErrorKind.TimedOut"/>. Each transition starts it
/// anew, one that leads back to its state too, but not what may be sent at any time.
/// </summary>
/// <param name="seconds">How long in seconds, more than 0 and at most 24 days: 2,073,600.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class DeadlineAttribute(double seconds) : Attribute
{
    /// <summary>How long in seconds.</summary>
    public double Seconds { get; } = seconds;
}

/// <summary>The protocol ends in this state.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FinalAttribute : Attribute;

/// <summary>The handshake is complete in this state: application data may flow.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class EstablishedAttribute : Attribute;

/// <summary>
/// Declares a variant of a message: same code, same bytes, told apart by its content (as HelloRetryRequest is from ServerHello). Stands on a
/// <c>readonly partial struct</c> or <c>readonly partial record struct</c>, which is a <c>ref</c> one where the message is, and for which one predicate is
/// written by hand: <c>static bool Matches(scoped in TMessage message)</c>.
/// </summary>
/// <typeparam name="TMessage">The message whose content tells.</typeparam>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class VariantOfAttribute<TMessage> : Attribute
    where TMessage : allows ref struct;
