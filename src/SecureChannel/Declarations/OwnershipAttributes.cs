namespace SecureChannel.CodeAnalysis;

/// <summary>
/// States that a method uses up what is passed: a state token (SCH3002), or the one run of a protocol that a channel carries (SCH3008). Without an attribute
/// a token that is passed by value counts as possibly used up.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ConsumesAttribute : Attribute;

/// <summary>
/// States that a method leaves the state token that is passed valid (SCH3002): it only looks at it, or sends what leads back to the same state. The method's
/// body is held to it. A token passed by <c>in</c> is borrowed as well.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BorrowsAttribute : Attribute;
