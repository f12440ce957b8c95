using Samples.Calls;
using SecureChannel.Tests.Sessions;

namespace Rpc.Tests;

/// <summary>Both roles together.</summary>
public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Many_calls_under_way_at_once_are_each_answered_to_their_caller(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var serving = new CallService(Numerals.Methods).RunAsync(pair.Server);
        await using var client = CallClient.Begin(pair.Client);

        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(number => client.CallAsync<Number, Number>("double", new Number(number)))).WaitAsync(SessionPair.Patience);

        Assert.Equal(Enumerable.Range(0, 500).Select(number => 2L * number), results.Select(result => result.Value));
        Assert.Equal(0, client.UnderWay);
        await client.CloseAsync().WaitAsync(SessionPair.Patience);
        await serving.WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Cancellations_that_race_results_leave_every_call_with_one_answer(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var serving = new CallService(Numerals.Methods).RunAsync(pair.Server);
        await using var client = CallClient.Begin(pair.Client);

        var calls = Enumerable.Range(0, 200).Select(async number =>
        {
            using var cancel = new CancellationTokenSource();
            var call = client.CallAsync<Number, Number>(number % 2 == 0 ? "yield" : "double", new Number(number), cancel.Token);
            for (var turn = 0; turn < number % 7; turn++)
                await Task.Yield();
            await cancel.CancelAsync();
            try
            {
                return (await call).Value == number * 2L;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        });

        Assert.All(await Task.WhenAll(calls).WaitAsync(SessionPair.Patience), Assert.True);
        Assert.Equal(42, (await client.CallAsync<Number, Number>("double", new Number(21))).Value);
        await client.CloseAsync().WaitAsync(SessionPair.Patience);
        await serving.WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Who_leaves_gets_the_answers_that_are_under_way(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var release = new TaskCompletionSource();
        var methods = new CallMethods().Add<Number, Number>("wait", async (number, _) =>
        {
            await release.Task;
            return number;
        });
        var serving = new CallService(methods).RunAsync(pair.Server);
        await using var client = CallClient.Begin(pair.Client);
        var calls = Enumerable.Range(0, 20).Select(number => client.CallAsync<Number, Number>("wait", new Number(number))).ToList();

        var closing = client.CloseAsync();
        release.SetResult();

        Assert.Equal(Enumerable.Range(0, 20).Select(number => (long)number), (await Task.WhenAll(calls).WaitAsync(SessionPair.Patience)).Select(number => number.Value));
        await closing.WaitAsync(SessionPair.Patience);
        await serving.WaitAsync(SessionPair.Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CallAsync<Number, Number>("wait", new Number(1)));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_session_that_is_cut_fails_every_call(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var methods = new CallMethods().Add<Number, Number>("wait", async (number, cancellationToken) =>
        {
            called.SetResult();
            await Numerals.UntilCancelledAsync(cancellationToken);
            return number;
        });
        using var stop = new CancellationTokenSource();
        var serving = new CallService(methods).RunAsync(pair.Server, stop.Token);
        await using var client = CallClient.Begin(pair.Client);
        var call = client.CallAsync<Number, Number>("wait", new Number(1));
        await called.Task.WaitAsync(SessionPair.Patience);

        await pair.Server.AbortAsync(new SecureChannel.SessionError(SecureChannel.SessionErrorKind.LocalError, SecureChannel.AlertDescription.InternalError, "the test ends it"));

        await Assert.ThrowsAsync<SecureChannel.SessionException>(() => call.WaitAsync(SessionPair.Patience));
        await Assert.ThrowsAsync<SecureChannel.SessionException>(() => client.CloseAsync().WaitAsync(SessionPair.Patience));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => serving.WaitAsync(SessionPair.Patience));
    }
}
