namespace SecureChannel.Bogo;

/// <summary>The runner requires a feature that the public API does not have.</summary>
/// <param name="message">The feature.</param>
internal sealed class UnimplementedException(string message) : Exception(message);

/// <summary>A session differs from what the runner expects.</summary>
/// <param name="message">The difference.</param>
internal sealed class ExpectationException(string message) : Exception(message);
