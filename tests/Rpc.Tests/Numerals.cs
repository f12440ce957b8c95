using Samples.Calls;

namespace Rpc.Tests;

/// <summary>Methods that tests call.</summary>
internal static class Numerals
{
    public static CallMethods Methods { get; } = new CallMethods()
        .Add<Number, Number>("double", (number, _) => Task.FromResult(new Number(2 * number.Value)))
        .Add<Number, Number>("yield", async (number, cancellationToken) =>
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return new Number(2 * number.Value);
        })
        .Add<Number, Number>("for ever", async (number, cancellationToken) =>
        {
            await UntilCancelledAsync(cancellationToken);
            return number;
        })
        .Add<Number, Number>("fail", (_, _) => throw new CallException("as asked"))
        .Add<Number, Number>("break", (_, _) => throw new TimeZoneNotFoundException("a secret"));

    public static async Task UntilCancelledAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken));
        await cancelled.Task;
    }
}
