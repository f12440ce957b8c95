namespace SecureChannel.CodeAnalysis;

/// <summary>
/// Declares that a method consumes the argument of this parameter: a state token, which is then invalid (SCH3002), or a channel, on which the method runs its
/// only protocol (SCH3008). Without this attribute or <see cref="BorrowsAttribute"/>, the analyzers treat a token that is passed by value as possibly consumed.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ConsumesAttribute : Attribute;

/// <summary>
/// Declares that a method leaves the state token that it receives valid (SCH3002): the method only reads the token, or sends messages that lead back to the
/// same state. The analyzers check the method's body for this. A token that is passed by <c>in</c> is also borrowed.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BorrowsAttribute : Attribute;
