using Samples.Calls;

namespace Rpc.Tests;

/// <summary>The methods that tests call.</summary>
internal static class TestMethods
{
    public static CallMethods Methods { get; } = new CallMethods()
        .Add<Number, Number>("double", (number, _) => Task.FromResult(new Number(2 * number.Value)))
        .Add<Number, Number>("yield", async (number, cancellationToken) =>
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return new Number(2 * number.Value);
        })
        .Add<Number, Number>("hang", async (number, cancellationToken) =>
        {
            await WaitForCancellationAsync(cancellationToken);
            return number;
        })
        .Add<Number, Number>("fail", (_, _) => throw new CallException("requested failure"))
        .Add<Number, Number>("break", (_, _) => throw new TimeZoneNotFoundException("a secret"));

    public static async Task WaitForCancellationAsync(CancellationToken cancellationToken)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => canceled.TrySetCanceled(cancellationToken));
        await canceled.Task;
    }
}
