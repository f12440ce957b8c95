namespace Samples.Calls;

/// <summary>The method has failed at the server; the session goes on.</summary>
/// <param name="reason">What the server said.</param>
public sealed class CallException(string reason) : Exception(reason);
