using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>The descriptors of the rules about declarations of protocols and handshakes, SCH2001 to SCH2032.</summary>
public static class ProtocolDiagnostics
{
    private const string Category = "SecureChannel.Protocols";

    /// <summary>SCH2001: Message can arrive in a state that does not receive it.</summary>
    public static readonly DiagnosticDescriptor MessageNotReceived = new(
        "SCH2001",
        "Message can arrive in a state that does not receive it",
        "'{0}' can arrive at the {1} in state '{2}', which does not receive it: {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "In a state in which both roles can send, their messages can cross on the network. Here one of the messages can arrive in a state that does not " +
        "receive it. The receiver then rejects the message, and the session fails although neither peer made a mistake.",
        HelpLinks.Of("SCH2001"));

    /// <summary>SCH2002: Crossing messages lead client and server to different states.</summary>
    public static readonly DiagnosticDescriptor RolesDiverge = new(
        "SCH2002",
        "Crossing messages lead client and server to different states",
        "'{0}' from the client and '{1}' from the server can cross in state '{2}', and then client and server are in different states: {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Two messages can cross, and each role receives the message of its peer. Afterwards the client and the server are in different states, and each " +
        "role assumes that its peer is in the same state. From then on each role can send messages that its peer rejects or, worse, misinterprets.",
        HelpLinks.Of("SCH2002"));

    /// <summary>SCH2003: Enum cannot be a protocol or handshake.</summary>
    public static readonly DiagnosticDescriptor InvalidEnum = new(
        "SCH2003",
        "Enum cannot be a protocol or handshake",
        "'{0}' cannot be a protocol or handshake: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An enum with '[Protocol]' or '[Handshake]' is nested in a type, has the modifier 'file', or has both attributes. The generator adds types next to " +
        "the enum in other files, and these types must be able to refer to the enum. One enum cannot be both, because a protocol runs in a session that a " +
        "handshake has established.",
        HelpLinks.Of("SCH2003"));

    /// <summary>SCH2004: State must not have an explicit value.</summary>
    public static readonly DiagnosticDescriptor ExplicitValue = new(
        "SCH2004",
        "State must not have an explicit value",
        "State '{0}' must not have an explicit value, because states are numbered in declaration order: remove '= {1}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A state has an explicit value. States are numbered in the order of their declaration, in the same way by both peers. Two names for one state, or " +
        "gaps between states, have no meaning. No code is generated if the values differ from the order.",
        HelpLinks.Of("SCH2004"));

    /// <summary>SCH2005: Protocol or handshake name is not valid.</summary>
    public static readonly DiagnosticDescriptor InvalidName = new(
        "SCH2005",
        "Protocol or handshake name is not valid",
        "'{0}' is not a valid protocol or handshake name: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The name in '[Protocol]' or '[Handshake]' is empty, longer than 255 bytes in UTF-8, or contains an unpaired surrogate. ALPN (RFC 7301 section " +
        "3.1) carries the name of a protocol in 1 to 255 bytes, so this name cannot be negotiated.",
        HelpLinks.Of("SCH2005"));

    /// <summary>SCH2006: Transitions require [Protocol] or [Handshake].</summary>
    public static readonly DiagnosticDescriptor TransitionWithoutDeclaration = new(
        "SCH2006",
        "Transitions require [Protocol] or [Handshake]",
        "'{0}' has {1} but is not declared with [Protocol] or [Handshake], so nothing is generated",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "An attribute such as '[Client<T>]' or '[Final]' is used outside the declaration of a protocol or handshake. The generator and all other rules " +
        "ignore it. Most likely '[Protocol]' or '[Handshake]' is missing on the enum.",
        HelpLinks.Of("SCH2006"));

    /// <summary>SCH2007: Declaration has no states.</summary>
    public static readonly DiagnosticDescriptor NoStates = new(
        "SCH2007",
        "Declaration has no states",
        "'{0}' has no states: add members, the first of which is the state in which both roles begin",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An enum with '[Protocol]' or '[Handshake]' has no members. Its first member is the state in which both roles begin, so without members no code " +
        "is generated.",
        HelpLinks.Of("SCH2007"));

    /// <summary>SCH2008: No state is marked [Final] or [Established].</summary>
    public static readonly DiagnosticDescriptor NoTerminalState = new(
        "SCH2008",
        "No state is marked [Final] or [Established]",
        "No state of '{0}' is marked [{1}]: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "No state of this protocol is marked '[Final]', or no state of this handshake is marked '[Established]'. A protocol without a final state always " +
        "ends as truncated, whichever peer closes the session. A handshake without an established state never allows application data.",
        HelpLinks.Of("SCH2008"));

    /// <summary>SCH2009: State cannot be reached.</summary>
    public static readonly DiagnosticDescriptor UnreachableState = new(
        "SCH2009",
        "State cannot be reached",
        "No transitions lead from the first state '{0}' to state '{1}': add a transition to '{1}', or remove this state",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "No sequence of messages leads from the first state to this state, so no session ever enters it. Most likely a transition is missing or leads to " +
        "the wrong state.",
        HelpLinks.Of("SCH2009"));

    /// <summary>SCH2010: No transitions lead to an end.</summary>
    public static readonly DiagnosticDescriptor NoPathToEnd = new(
        "SCH2010",
        "No transitions lead to an end",
        "No transitions lead from state '{0}' to a state that is marked [{1}]{2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "No sequence of messages leads from this state to a state that is marked '[Final]' or, in a handshake, '[Established]'. An endpoint in this state " +
        "can only abort the session. Its peer cannot distinguish the abort from an attacker who cuts the connection.",
        HelpLinks.Of("SCH2010"));

    /// <summary>SCH2011: Final state cannot have transitions.</summary>
    public static readonly DiagnosticDescriptor TransitionFromFinal = new(
        "SCH2011",
        "Final state cannot have transitions",
        "State '{0}' is [Final], so '{1}' can never be sent in it: remove the transition or [Final]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A protocol has ended in a state that is marked '[Final]': nothing can be sent there, and everything that arrives is rejected. This transition " +
        "can therefore never happen.",
        HelpLinks.Of("SCH2011"));

    /// <summary>SCH2012: Attribute or argument has no effect here.</summary>
    public static readonly DiagnosticDescriptor AttributeWithoutEffect = new(
        "SCH2012",
        "Attribute or argument has no effect here",
        "'{0}' has no effect here: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "This attribute or argument has no effect in this declaration. A reader could mistake it for a guarantee that does not exist.",
        HelpLinks.Of("SCH2012"));

    /// <summary>SCH2013: Deadline is out of range.</summary>
    public static readonly DiagnosticDescriptor DeadlineOutOfRange = new(
        "SCH2013",
        "Deadline is out of range",
        "A deadline of {0} seconds is out of range: it must be more than 0 and at most {1} seconds (24 days)",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The argument of '[Deadline]' must be a number of seconds that is greater than 0 and at most 2,073,600, which is 24 days. Zero or a negative " +
        "number leaves no time in the state, and the timer cannot count beyond the maximum. A deadline outside this range is not enforced.",
        HelpLinks.Of("SCH2013"));

    /// <summary>SCH2014: Wait for the peer has no deadline.</summary>
    public static readonly DiagnosticDescriptor WaitWithoutDeadline = new(
        "SCH2014",
        "Wait for the peer has no deadline",
        "In state '{0}' the {1} can only wait, and the {2} can stay silent indefinitely: add [Deadline(seconds)] to the state to limit the wait",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Only one role can send in this state, and the state has no deadline. The receiving role can only wait, and the wait uses memory and a connection. " +
        "An attacker can open many connections and stay silent.",
        HelpLinks.Of("SCH2014"));

    /// <summary>SCH2015: Transition is ambiguous.</summary>
    public static readonly DiagnosticDescriptor AmbiguousTransition = new(
        "SCH2015",
        "Transition is ambiguous",
        "In state '{0}' the {1} has two transitions for '{2}', to '{3}' and to '{4}': remove one, or use two message types",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "One role has two transitions for the same message in this state, or a transition and an '[Anytime<T>]'. The receiver knows only which message " +
        "arrived, so it cannot know which state follows.",
        HelpLinks.Of("SCH2015"));

    /// <summary>SCH2016: Two messages in a state have the same code.</summary>
    public static readonly DiagnosticDescriptor DuplicateCode = new(
        "SCH2016",
        "Two messages in a state have the same code",
        "In state '{0}' the {1} can send '{2}' and '{3}', which have the same code {4}, so the receiver cannot distinguish them: change one of the codes",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "One role can send two different messages with the same code in this state. The code is all that the receiver knows before it reads the rest of a " +
        "message, so it cannot distinguish them.",
        HelpLinks.Of("SCH2016"));

    /// <summary>SCH2017: Transition target is not a state.</summary>
    public static readonly DiagnosticDescriptor TargetNotAState = new(
        "SCH2017",
        "Transition target is not a state",
        "{0} is not a state of '{1}': the target of a transition must be a member of the enum",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The target of this transition is not a member of the same enum. The transition leads to no state, so generated code does not contain it.",
        HelpLinks.Of("SCH2017"));

    /// <summary>SCH2018: Transition requires a message with a code.</summary>
    public static readonly DiagnosticDescriptor MessageWithoutCode = new(
        "SCH2018",
        "Transition requires a message with a code",
        "'{0}' cannot be sent on its own: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The type in '[Client<T>]', '[Server<T>]' or '[Anytime<T>]' is not a message, or it is a message without a code. A message that is sent on its " +
        "own is identified by its code, so this type cannot be sent.",
        HelpLinks.Of("SCH2018"));

    /// <summary>SCH2019: Message code is out of range.</summary>
    public static readonly DiagnosticDescriptor CodeOutOfRange = new(
        "SCH2019",
        "Message code is out of range",
        "'{0}' has the code {1}, but the code of a message of a {2} must be {3} to {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The code of a message must be 1 to 1,073,741,823 (2^30 - 1) in a protocol, and 0 to 255 in a handshake. This code is outside that range, so it " +
        "does not fit into the header of the message.",
        HelpLinks.Of("SCH2019"));

    /// <summary>SCH2020: Name is reserved or not valid.</summary>
    public static readonly DiagnosticDescriptor ReservedName = new(
        "SCH2020",
        "Name is reserved or not valid",
        "'{0}' cannot be the name of a {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A state, or a message in this state, has a name that generated code already uses, or a name that is not a valid C# identifier. Generated types " +
        "and methods are named after states and messages, so the generated code would not compile.",
        HelpLinks.Of("SCH2020"));

    /// <summary>SCH2021: State has the name of a message that it receives.</summary>
    public static readonly DiagnosticDescriptor StateNamedAsMessage = new(
        "SCH2021",
        "State has the name of a message that it receives",
        "State '{0}' receives a message with the same name, and the generated type of the state cannot contain a type with its own name: rename the " +
        "state, or set another name for the message with 'As'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A state receives a message that has the same name as the state. The generated type of the state contains a type for each message that can " +
        "arrive, and in C# a member cannot have the name of its type. The generated code would not compile.",
        HelpLinks.Of("SCH2021"));

    /// <summary>SCH2022: Two messages in a state have the same name.</summary>
    public static readonly DiagnosticDescriptor DuplicateName = new(
        "SCH2022",
        "Two messages in a state have the same name",
        "In state '{0}' the {1} can send two messages that are named '{2}': set another name for one of them with 'As'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "One role can send two messages of different types that have the same simple name in this state. The generated types of the state are named after " +
        "its messages, so two of them would have the same name.",
        HelpLinks.Of("SCH2022"));

    /// <summary>SCH2023: Message of a protocol cannot be received as a ref struct.</summary>
    public static readonly DiagnosticDescriptor RefStructMessage = new(
        "SCH2023",
        "Message of a protocol cannot be received as a ref struct",
        "'{0}' is a ref struct and cannot be used across an await, so no code is generated for the {1}, which would receive it in state '{2}': make it a " +
        "class or an ordinary struct",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "A message of this protocol is a 'ref struct', which exists only in the receive buffer and cannot be used across an 'await'. No code is generated " +
        "for the role that receives it. The role that sends it is generated.",
        HelpLinks.Of("SCH2023"));

    /// <summary>SCH2024: State cannot be split into lanes.</summary>
    public static readonly DiagnosticDescriptor StateCannotSplit = new(
        "SCH2024",
        "State cannot be split into lanes",
        "The {0} cannot split state '{1}' into lanes: two messages that can arrive before the lanes are joined have the same name, or one message has the " +
        "name of a member of the lane; set another name for the message with 'As'",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Both roles can send in this state, but two messages that can arrive before the lanes are joined have the same name, or one has the name of a " +
        "member of the lane. 'Split()' is not generated for the state. All other code is generated.",
        HelpLinks.Of("SCH2024"));

    /// <summary>SCH2025: Application data can arrive before the handshake is complete.</summary>
    public static readonly DiagnosticDescriptor EarlyApplicationData = new(
        "SCH2025",
        "Application data can arrive before the handshake is complete",
        "Application data that is sent in the [Established] state '{0}' can arrive in state '{1}', before the handshake is complete: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Application data can be sent in every '[Established]' state, in both directions. Here a message leads to a state that is not established, or the " +
        "handshake begins in an established state. Application data could then arrive before the handshake is complete.",
        HelpLinks.Of("SCH2025"));

    /// <summary>SCH2026: Handshake can complete without authenticating the server.</summary>
    public static readonly DiagnosticDescriptor ServerNotAuthenticated = new(
        "SCH2026",
        "Handshake can complete without authenticating the server",
        "State '{0}' is [Established] and can be reached without a message that authenticates the server: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A message of this handshake authenticates the server ('Authenticates = Role.Server'), but this '[Established]' state can also be reached without " +
        "such a message. An attacker would use the unauthenticated path. The client would then establish a session with an unauthenticated peer.",
        HelpLinks.Of("SCH2026"));

    /// <summary>SCH2027: Handshake does not authenticate the server.</summary>
    public static readonly DiagnosticDescriptor NoServerAuthentication = new(
        "SCH2027",
        "Handshake does not authenticate the server",
        "No message of '{0}' authenticates the server, so an attacker can impersonate the server: add 'Authenticates = Role.Server' to the transition whose " +
        "handler verifies the proof",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "No transition of this handshake has 'Authenticates = Role.Server', so any peer that answers can act as the server. Encryption without " +
        "authentication protects only against passive eavesdroppers. An attacker between the peers can read and change all data.",
        HelpLinks.Of("SCH2027"));

    /// <summary>SCH2028: Message cannot authenticate its receiver.</summary>
    public static readonly DiagnosticDescriptor AuthenticatesWrongRole = new(
        "SCH2028",
        "Message cannot authenticate its receiver",
        "'{0}' is sent by the {1} and cannot authenticate the {2}: a message authenticates only its sender",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A message of the client has 'Authenticates = Role.Server', or a message of the server has 'Authenticates = Role.Client'. The sender of a message " +
        "proves the sender's identity, and the receiver verifies the proof. A message cannot prove the identity of its receiver.",
        HelpLinks.Of("SCH2028"));

    /// <summary>SCH2029: Handshake has no forward secrecy.</summary>
    public static readonly DiagnosticDescriptor NoForwardSecrecy = new(
        "SCH2029",
        "Handshake has no forward secrecy",
        "State '{0}' can be reached without an ephemeral key of the {1}, so the session has no forward secrecy: {2}",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "This '[Established]' state can be reached without an ephemeral key from each role, so its sessions have no forward secrecy. An attacker who " +
        "recorded a session can decrypt it if long-term keys leak later.",
        HelpLinks.Of("SCH2029"));

    /// <summary>SCH2030: Handshake messages share a handler name.</summary>
    public static readonly DiagnosticDescriptor HandlerNameConflict = new(
        "SCH2030",
        "Handshake messages share a handler name",
        "'{0}' needs its own handler here: {1}; set another name with 'As'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The hand-written methods of a handshake are found by the name of their message. Here two messages of one role have the same simple name, or one " +
        "message authenticates its sender in one state but not in another. These need separate methods, but the methods would have the same name.",
        HelpLinks.Of("SCH2030"));

    /// <summary>SCH2031: Type cannot be a message variant.</summary>
    public static readonly DiagnosticDescriptor InvalidVariant = new(
        "SCH2031",
        "Type cannot be a message variant",
        "'{0}' cannot be a message variant: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A struct with '[VariantOf<T>]' must be a partial struct at the top level, and 'T' must be a message with a code. The generator adds the message " +
        "that the variant contains and a constructor that checks it. It cannot do so for this struct.",
        HelpLinks.Of("SCH2031"));

    /// <summary>SCH2032: Name of a generated class is already in use.</summary>
    public static readonly DiagnosticDescriptor GeneratedNameInUse = new(
        "SCH2032",
        "Name of a generated class is already in use",
        "'{0}' already exists, but a class with this name is generated for '{1}': rename one of them",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A type or namespace next to this protocol has the name of a class that is generated for the protocol. One namespace cannot contain two types " +
        "with the same name, so the project does not compile. The compiler reports CS0101 in the generated file, and this rule reports the cause.",
        HelpLinks.Of("SCH2032"));
}
