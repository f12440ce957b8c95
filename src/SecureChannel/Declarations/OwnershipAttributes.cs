namespace SecureChannel.CodeAnalysis;

/// <summary>
/// Declares that a method consumes its argument: a state token (SCH3002), or the single run of a protocol on a channel (SCH3008). Without an attribute, the
/// analyzers treat a token that is passed by value as possibly consumed.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ConsumesAttribute : Attribute;

/// <summary>
/// Declares that a method leaves its state token valid (SCH3002): it only reads the token, or sends messages that lead back to the same state. The analyzers
/// check the method's body. A token that is passed by <c>in</c> is also borrowed.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BorrowsAttribute : Attribute;
