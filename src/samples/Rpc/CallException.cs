namespace Samples.Calls;

/// <summary>The exception for a call that failed on the server. The session remains usable.</summary>
/// <param name="reason">The reason from the server.</param>
public sealed class CallException(string reason) : Exception(reason);
