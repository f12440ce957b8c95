using Samples.Calls;
using SecureChannel;
using SecureChannel.Testing;

namespace Rpc.Tests;

/// <summary>Both roles together.</summary>
public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Each_of_many_concurrent_calls_receives_its_own_answer(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var serving = new CallService(TestMethods.Methods).RunAsync(pair.Server);
        await using var client = CallClient.Start(pair.Client);

        var calls = Enumerable.Range(0, 500).Select(number => client.CallAsync<Number, Number>("double", new Number(number)));
        var results = await Task.WhenAll(calls).WaitAsync(SessionPair.Patience);

        Assert.Equal(Enumerable.Range(0, 500).Select(number => 2L * number), results.Select(result => result.Value));
        Assert.Equal(0, client.PendingCalls);
        await client.CloseAsync().WaitAsync(SessionPair.Patience);
        await serving.WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Calls_whose_cancellation_races_their_result_have_one_answer(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var serving = new CallService(TestMethods.Methods).RunAsync(pair.Server);
        await using var client = CallClient.Start(pair.Client);

        var calls = Enumerable.Range(0, 200).Select(async number =>
        {
            using var cancel = new CancellationTokenSource();
            var call = client.CallAsync<Number, Number>(number % 2 == 0 ? "yield" : "double", new Number(number), cancel.Token);
            for (var yields = 0; yields < number % 7; yields++)
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
    public async Task Closing_client_receives_the_answers_to_pending_calls(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var release = new TaskCompletionSource();
        var methods = new CallMethods().Add<Number, Number>("wait", async (number, _) =>
        {
            await release.Task;
            return number;
        });
        var serving = new CallService(methods).RunAsync(pair.Server);
        await using var client = CallClient.Start(pair.Client);
        var calls = Enumerable.Range(0, 20).Select(number => client.CallAsync<Number, Number>("wait", new Number(number))).ToList();

        var closing = client.CloseAsync();
        release.SetResult();

        var results = await Task.WhenAll(calls).WaitAsync(SessionPair.Patience);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => (long)number), results.Select(result => result.Value));
        await closing.WaitAsync(SessionPair.Patience);
        await serving.WaitAsync(SessionPair.Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CallAsync<Number, Number>("wait", new Number(1)));
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Pending_call_fails_when_the_session_is_aborted(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.EstablishAsync(security, transport);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var methods = new CallMethods().Add<Number, Number>("wait", async (number, cancellationToken) =>
        {
            called.SetResult();
            await TestMethods.WaitForCancellationAsync(cancellationToken);
            return number;
        });
        using var stop = new CancellationTokenSource();
        var serving = new CallService(methods).RunAsync(pair.Server, stop.Token);
        await using var client = CallClient.Start(pair.Client);
        var call = client.CallAsync<Number, Number>("wait", new Number(1));
        await called.Task.WaitAsync(SessionPair.Patience);

        await pair.Server.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "the test aborts the session"));

        await Assert.ThrowsAsync<SessionException>(() => call.WaitAsync(SessionPair.Patience));
        await Assert.ThrowsAsync<SessionException>(() => client.CloseAsync().WaitAsync(SessionPair.Patience));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => serving.WaitAsync(SessionPair.Patience));
    }
}
