using SecureChannel.Messages;

namespace Samples.Calls;

/// <summary>The methods that clients can call by name. Add all methods before serving; after that, instances are thread-safe.</summary>
public sealed class CallMethods
{
    private readonly Dictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>>> _methods = [];

    /// <summary>Adds a method.</summary>
    /// <typeparam name="TArguments">The message with the arguments.</typeparam>
    /// <typeparam name="TResult">The message with the result.</typeparam>
    /// <param name="name">The name of the method.</param>
    /// <param name="method">
    /// The implementation. The client receives the message of a <see cref="CallException"/>; of other exceptions, it learns only that the method failed.
    /// </param>
    public CallMethods Add<TArguments, TResult>(string name, Func<TArguments, CancellationToken, Task<TResult>> method)
        where TArguments : IMessage<TArguments>
        where TResult : IMessage<TResult>
    {
        _methods.Add(name, async (bytes, cancellationToken) => WireSerializer.TryRead<TArguments>(bytes.Span, out var arguments, out var error)
            ? WireSerializer.ToArray(await method(arguments, cancellationToken).ConfigureAwait(false))
            : throw new CallException($"the arguments are not a valid '{typeof(TArguments).Name}': {error}"));
        return this;
    }

    internal Task<byte[]> InvokeAsync(Call call, CancellationToken cancellationToken) => _methods.TryGetValue(call.Method, out var method)
        ? method(call.Arguments, cancellationToken)
        : throw new CallException($"unknown method '{call.Method}'");
}
