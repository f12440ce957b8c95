namespace SecureChannel;

/// <summary>
/// Declares an application protocol on a top-level enum without explicit values. Each member is a state; both roles begin in the first state. The generator
/// emits a class for each role, with a token for each state.
/// </summary>
/// <param name="name">The name and version, such as <c>bank/1</c>, which ALPN (RFC 7301) negotiates: 1 to 255 bytes of UTF-8.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class ProtocolAttribute(string name) : Attribute
{
    /// <summary>Gets the name and version.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Declares that a protocol requires the proven identity of a role. Without that identity, the generated <c>Begin</c> and handlers fail before they send or
/// receive a message. A server that refuses a client aborts the session with access_denied and throws a <see cref="SessionException"/> with the code
/// <see cref="SessionErrorCode.NotAuthorized"/>. A client that presented no identity throws an <see cref="InvalidOperationException"/>, and its session remains
/// open.
/// </summary>
/// <param name="role">The role whose identity is required.</param>
[AttributeUsage(AttributeTargets.Enum, AllowMultiple = true)]
public sealed class RequiresIdentityAttribute(Role role) : Attribute
{
    /// <summary>Gets the role whose identity is required.</summary>
    public Role Role { get; } = role;
}

/// <summary>
/// Declares a handshake on a top-level enum without explicit values. The generator emits a state machine for each role, which enforces the order of messages.
/// Hand-written partial methods handle and write the messages.
/// </summary>
/// <param name="name">The name and version, such as <c>key-transport/1</c>.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class HandshakeAttribute(string name) : Attribute
{
    /// <summary>Gets the name and version.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// A transition by which the client may send <typeparamref name="TMessage"/>. Both roles then enter the state <see cref="TransitionAttribute.Next"/>.
/// </summary>
/// <typeparam name="TMessage">The type of the message.</typeparam>
/// <param name="next">The next state: a member of the same enum.</param>
public sealed class ClientAttribute<TMessage>(object next) : TransitionAttribute(next)
    where TMessage : allows ref struct;

/// <summary>
/// A transition by which the server may send <typeparamref name="TMessage"/>. Both roles then enter the state <see cref="TransitionAttribute.Next"/>.
/// </summary>
/// <typeparam name="TMessage">The type of the message.</typeparam>
/// <param name="next">The next state: a member of the same enum.</param>
public sealed class ServerAttribute<TMessage>(object next) : TransitionAttribute(next)
    where TMessage : allows ref struct;

/// <summary>A transition of a protocol or handshake. Apply it to the enum member that is the current state.</summary>
[AttributeUsage(AttributeTargets.Field, AllowMultiple = true)]
public abstract class TransitionAttribute : Attribute
{
    private protected TransitionAttribute(object next) => Next = next;

    /// <summary>Gets the next state.</summary>
    public object Next { get; }

    /// <summary>
    /// Gets the role whose identity the message proves to the receiver. The receiver's method must then return an
    /// <see cref="SecureChannel.Handshakes.IdentityProof"/>, which only the verification of that identity can create. Every path of a handshake must prove the
    /// server (SCH2026). Paths with and without the client's proof may lead to one established state: the path decides whether the client is authenticated.
    /// </summary>
    public Role Authenticates { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the handshake message carries an ephemeral public key, such as a key share (RFC 9846 section 4.2.8). If every path
    /// to an established state carries an ephemeral key of each endpoint, sessions have forward secrecy. Otherwise, SCH2029 reports that sessions do not have
    /// forward secrecy.
    /// </summary>
    public bool CarriesEphemeralKey { get; init; }

    /// <summary>
    /// Gets the name of the message in the generated types of this state, or null for the message's own name. Set this name if the names of two messages
    /// collide.
    /// </summary>
    public string? As { get; init; }
}

/// <summary>
/// Declares a message that may be sent at any time and leads back to the same state. On the enum, the attribute applies to every state that is not final; on a
/// member, it applies to that state. If the peer sent such a message before learning that the protocol had ended, the message is dropped, unless a
/// <c>[Client]</c> or <c>[Server]</c> transition also carries it. In a handshake, the generated <c>Send</c> method sends the message, which is always optional.
/// </summary>
/// <typeparam name="TMessage">The type of the message.</typeparam>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Field, AllowMultiple = true)]
public sealed class AnytimeAttribute<TMessage> : Attribute
    where TMessage : allows ref struct
{
    /// <summary>Allows both roles to send the message.</summary>
    public AnytimeAttribute()
    {
    }

    /// <summary>Allows one role to send the message.</summary>
    /// <param name="by">The role that may send the message.</param>
    public AnytimeAttribute(Role by) => By = by;

    /// <summary>Gets the role that may send the message, or null if both roles may send the message.</summary>
    public Role? By { get; }

    /// <summary>Gets the name of the message in the generated types, or null for the message's own name.</summary>
    public string? As { get; init; }
}

/// <summary>
/// Declares the maximum time in a state. If the time expires at an endpoint, that endpoint aborts the session with <see cref="SessionErrorKind.TimedOut"/>.
/// Each transition restarts the deadline, including a transition that leads back to the same state. A message with <see cref="AnytimeAttribute{TMessage}"/>
/// does not restart the deadline.
/// </summary>
/// <param name="seconds">The maximum time in seconds: more than 0 and at most 2,073,600 (24 days).</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class DeadlineAttribute(double seconds) : Attribute
{
    /// <summary>Gets the maximum time in seconds.</summary>
    public double Seconds { get; } = seconds;
}

/// <summary>Declares a final state, in which the protocol ends.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FinalAttribute : Attribute;

/// <summary>Declares an established state, in which the handshake is complete and application data may be sent.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class EstablishedAttribute : Attribute;

/// <summary>
/// Declares a variant of a message. A variant has the same code and encoding as the message, and differs from the message only in its content, as
/// HelloRetryRequest differs from ServerHello. Apply the attribute to a <c>readonly partial struct</c> or <c>readonly partial record struct</c>, which must be
/// a <c>ref struct</c> if the message is a <c>ref struct</c>. Write the variant's predicate by hand: <c>static bool Matches(scoped in TMessage message)</c>.
/// </summary>
/// <typeparam name="TMessage">The type of the message.</typeparam>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class VariantOfAttribute<TMessage> : Attribute
    where TMessage : allows ref struct;
