using Samples.Calls;
using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Rpc.Tests;

/// <summary>Each role against a fake peer.</summary>
public sealed class RoleTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public RoleTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [RpcClient.Name], ServerProtocols = [RpcServer.Name] });

    [Fact]
    public async Task Call_returns_a_result_that_crosses_its_cancellation()
    {
        await using var client = CallClient.Start(_client);
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync<Number, Number>("any", new Number(1), cancel.Token);
        var (received, open) = Assert.IsType<RpcServer.Open.Call>(await RpcServer.Begin(_server).ReceiveAsync());

        await cancel.CancelAsync();
        await open.SendAsync(new Result(received.Id, WireSerializer.ToArray(new Number(7))));

        Assert.Equal(7, (await call.WaitAsync(SessionPair.Patience)).Value);
        (var canceled, open) = Assert.IsType<RpcServer.Open.Cancel>(await open.ReceiveAsync());
        Assert.Equal(received.Id, canceled.Id);
        // A second answer to the same call is ignored.
        await open.SendAsync(new Canceled(received.Id));
        var closing = client.CloseAsync();
        var (_, last) = Assert.IsType<RpcServer.Open.Goodbye>(await open.ReceiveAsync());
        await last.SendAsync(new Goodbye());
        await closing.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Answers_in_another_order_complete_the_right_calls()
    {
        await using var client = CallClient.Start(_client);
        var calls = Enumerable.Range(0, 3).Select(number => client.CallAsync<Number, Number>("any", new Number(number))).ToList();
        var open = RpcServer.Begin(_server);
        var received = new List<Call>();
        while (received.Count < 3)
        {
            (var call, open) = Assert.IsType<RpcServer.Open.Call>(await open.ReceiveAsync());
            received.Add(call);
        }

        received.Reverse();
        foreach (var call in received)
            await open.SendAsync(new Result(call.Id, call.Arguments));

        Assert.Equal([0L, 1L, 2L], (await Task.WhenAll(calls).WaitAsync(SessionPair.Patience)).Select(number => number.Value));
        var closing = client.CloseAsync();
        var (_, last) = Assert.IsType<RpcServer.Open.Goodbye>(await open.ReceiveAsync());
        await last.SendAsync(new Goodbye());
        await closing.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Failed_calls_report_only_the_reason_of_a_call_exception()
    {
        var serving = new CallService(TestMethods.Methods).RunAsync(_server);
        await using var client = CallClient.Start(_client);

        Assert.Equal("requested failure", await FailAsync<Number, Number>("fail", new Number(1)));
        Assert.Equal("the method failed", await FailAsync<Number, Number>("break", new Number(1)));
        Assert.Equal("unknown method 'none'", await FailAsync<Number, Number>("none", new Number(1)));
        Assert.StartsWith("the arguments are not a valid 'Number': ", await FailAsync<Numbers, Number>("double", new Numbers(1, 2)));
        Assert.StartsWith("the result of 'double' is not a valid 'Numbers': ", await FailAsync<Number, Numbers>("double", new Number(1)));

        await client.CloseAsync();
        await serving;

        async Task<string> FailAsync<TArguments, TResult>(string method, TArguments arguments)
            where TArguments : IMessage<TArguments>
            where TResult : IMessage<TResult> =>
            (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<TArguments, TResult>(method, arguments))).Message;
    }

    [Fact]
    public async Task Canceled_call_throws_and_other_calls_continue()
    {
        var serving = new CallService(TestMethods.Methods).RunAsync(_server);
        await using var client = CallClient.Start(_client);
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync<Number, Number>("hang", new Number(1), cancel.Token);
        Assert.Equal(4, (await client.CallAsync<Number, Number>("double", new Number(2))).Value);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(SessionPair.Patience));
        Assert.Equal(6, (await client.CallAsync<Number, Number>("double", new Number(3))).Value);
        await client.CloseAsync();
        await serving;
    }

    [Fact]
    public async Task Server_fails_calls_beyond_its_limit_and_calls_with_a_pending_identifier()
    {
        using var stop = new CancellationTokenSource();
        var serving = new CallService(TestMethods.Methods, maxPendingCalls: 2).RunAsync(_server, stop.Token);
        var open = RpcClient.Begin(_client);
        await open.SendAsync(new Call(1, "hang", WireSerializer.ToArray(new Number(1))));
        await open.SendAsync(new Call(1, "hang", WireSerializer.ToArray(new Number(1))));
        (var inUse, open) = Assert.IsType<RpcClient.Open.Failed>(await open.ReceiveAsync());
        await open.SendAsync(new Call(2, "hang", WireSerializer.ToArray(new Number(1))));
        await open.SendAsync(new Call(3, "double", WireSerializer.ToArray(new Number(1))));
        (var tooMany, open) = Assert.IsType<RpcClient.Open.Failed>(await open.ReceiveAsync());

        Assert.Equal(new Failed(1, "a call with this identifier is pending"), inUse);
        Assert.Equal(new Failed(3, "too many calls are pending"), tooMany);
        await open.SendAsync(new Cancel(99));
        await open.SendAsync(new Cancel(1));
        (var canceled, open) = Assert.IsType<RpcClient.Open.Canceled>(await open.ReceiveAsync());
        Assert.Equal(1u, canceled.Id);
        await open.SendAsync(new Cancel(2));
        var closing = await open.SendAsync(new Goodbye());
        while (await closing.ReceiveAsync() is RpcClient.Closing.Canceled(_, var next))
            closing = next;
        await serving;
    }
}
