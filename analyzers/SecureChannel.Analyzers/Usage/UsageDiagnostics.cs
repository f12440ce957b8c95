using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Usage;

/// <summary>The descriptors of the rules about the use of sessions and state tokens, SCH3001 to SCH3008.</summary>
public static class UsageDiagnostics
{
    private const string Category = "SecureChannel.Usage";

    /// <summary>SCH3001: Session is used before it is established.</summary>
    public static readonly DiagnosticDescriptor UsedBeforeEstablished = new(
        "SCH3001",
        "Session is used before it is established",
        "'{0}' requires {1} to be {2}, but {3}: {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A session is used for application data before its handshake is complete. Before that there are no keys, and no peer is authenticated. At run " +
        "time the call throws an 'InvalidOperationException'.",
        HelpLinks.Of("SCH3001"));

    /// <summary>SCH3001 on some paths only: Session might be used before it is established.</summary>
    public static readonly DiagnosticDescriptor PossibleUsedBeforeEstablished = OnSomePaths(UsedBeforeEstablished, "Session might be used before it is established");

    /// <summary>SCH3002: State token is used after it was consumed.</summary>
    public static readonly DiagnosticDescriptor TokenReused = new(
        "SCH3002",
        "State token is used after it was consumed",
        "{0} uses {1}, which {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A state token represents its state until one operation leaves that state. An operation has already consumed this token and returned the token of " +
        "the next state. At run time a second use throws an 'InvalidOperationException'.",
        HelpLinks.Of("SCH3002"));

    /// <summary>SCH3002 on some paths only: State token might be used after it was consumed.</summary>
    public static readonly DiagnosticDescriptor PossibleTokenReused = OnSomePaths(TokenReused, "State token might be used after it was consumed");

    /// <summary>SCH3003: State token is never used.</summary>
    public static readonly DiagnosticDescriptor TokenUnused = new(
        "SCH3003",
        "State token is never used",
        "{0} a token of {1}, but the token is never used: continue with the token, or assign it to '_' to stop the protocol here",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "An operation leads to a state in which the protocol can continue, but the returned token is never used. Only this token can continue the " +
        "protocol. Both peers now wait until the session ends.",
        HelpLinks.Of("SCH3003"));

    /// <summary>SCH3004: State token is stored.</summary>
    public static readonly DiagnosticDescriptor TokenStored = new(
        "SCH3004",
        "State token is stored",
        "{0} stores {1}: use a local variable, pass it as an argument, or return it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "A state token or a lane is stored in a field, an auto-property, a collection or a closure. A token can be used only once, and neither the " +
        "compiler nor the code that reads a stored token can know whether the token was already used.",
        HelpLinks.Of("SCH3004"));

    /// <summary>SCH3005: Switch does not handle every reply.</summary>
    public static readonly DiagnosticDescriptor ReplyNotHandled = new(
        "SCH3005",
        "Switch does not handle every reply",
        "{0}, but no arm handles this unconditionally: add an arm without a condition",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Several messages can arrive in this state, but the 'switch' does not handle all of them. If another message arrives, a switch expression throws " +
        "an exception and a switch statement does nothing.",
        HelpLinks.Of("SCH3005"));

    /// <summary>SCH3006: Operation is not awaited exactly once.</summary>
    public static readonly DiagnosticDescriptor OperationNotAwaited = new(
        "SCH3006",
        "Operation is not awaited exactly once",
        "The task of '{0}' {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The task of an operation on a state token or lane is never awaited, or it is awaited twice. An operation that is not awaited may not have " +
        "happened, and its errors and the next token are lost. The task is a 'ValueTask', which must not be awaited more than once.",
        HelpLinks.Of("SCH3006"));

    /// <summary>SCH3006 on some paths only: Operation might not be awaited exactly once.</summary>
    public static readonly DiagnosticDescriptor PossibleOperationNotAwaited = OnSomePaths(OperationNotAwaited, "Operation might not be awaited exactly once");

    /// <summary>SCH3007: Two operations use one token at the same time.</summary>
    public static readonly DiagnosticDescriptor ConcurrentOperations = new(
        "SCH3007",
        "Two operations use one token at the same time",
        "{0} uses {1} while another operation on it {2}: await that operation first",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An operation on a state token or lane begins before the task of another operation on it has been awaited. Only one operation at a time can use a " +
        "token. At run time the second operation throws an 'InvalidOperationException'.",
        HelpLinks.Of("SCH3007"));

    /// <summary>SCH3007 on some paths only: Two operations might use one token at the same time.</summary>
    public static readonly DiagnosticDescriptor PossibleConcurrentOperations = OnSomePaths(ConcurrentOperations, "Two operations might use one token at the same time");

    /// <summary>SCH3008: Protocol is begun twice on one channel.</summary>
    public static readonly DiagnosticDescriptor ProtocolBegunTwice = new(
        "SCH3008",
        "Protocol is begun twice on one channel",
        "{0} begins a protocol on {1}, where a protocol has already begun{2}: a channel carries one protocol run, so use the token that the first call " +
        "returned",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "'Begin' is called on a session or channel on which a protocol has already begun, or that was passed to the 'RunAsync' of a handler. A channel " +
        "carries one run of one protocol. At run time the second 'Begin' throws an 'InvalidOperationException'.",
        HelpLinks.Of("SCH3008"));

    /// <summary>SCH3008 on some paths only: Protocol might be begun twice on one channel.</summary>
    public static readonly DiagnosticDescriptor PossibleProtocolBegunTwice = OnSomePaths(ProtocolBegunTwice, "Protocol might be begun twice on one channel");

    // One rule with two severities: misuse on every path is an error, misuse on some paths a warning.
    private static DiagnosticDescriptor OnSomePaths(DiagnosticDescriptor rule, string title) => new(
        rule.Id, title, rule.MessageFormat, rule.Category, DiagnosticSeverity.Warning, rule.IsEnabledByDefault, rule.Description, rule.HelpLinkUri);
}
