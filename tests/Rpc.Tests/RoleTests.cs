using Samples.Calls;
using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace Rpc.Tests;

/// <summary>Each role against a fake peer.</summary>
public sealed class RoleTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public RoleTests() => (_client, _server) = InMemoryChannel.CreatePair(RpcClient.Name);

    [Fact]
    public async Task A_result_that_crosses_the_cancellation_is_the_answer()
    {
        await using var client = CallClient.Begin(_client);
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync<Number, Number>("any", new Number(1), cancel.Token);
        var (asked, open) = Assert.IsType<RpcServer.Open.Call>(await RpcServer.Begin(_server).ReceiveAsync());

        await cancel.CancelAsync();
        await open.SendAsync(new Result(asked.Id, WireSerializer.ToArray(new Number(7))));

        Assert.Equal(7, (await call.WaitAsync(SessionPair.Patience)).Value);
        (var cancelled, open) = Assert.IsType<RpcServer.Open.Cancel>(await open.ReceiveAsync());
        Assert.Equal(asked.Id, cancelled.Id);
        // Of an answer too many nothing comes.
        await open.SendAsync(new Cancelled(asked.Id));
        var closing = client.CloseAsync();
        var (_, last) = Assert.IsType<RpcServer.Open.Goodbye>(await open.ReceiveAsync());
        await last.SendAsync(new Goodbye());
        await closing.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Answers_in_another_order_find_their_calls()
    {
        await using var client = CallClient.Begin(_client);
        var calls = Enumerable.Range(0, 3).Select(number => client.CallAsync<Number, Number>("any", new Number(number))).ToList();
        var open = RpcServer.Begin(_server);
        var asked = new List<Call>();
        while (asked.Count < 3)
        {
            (var call, open) = Assert.IsType<RpcServer.Open.Call>(await open.ReceiveAsync());
            asked.Add(call);
        }

        asked.Reverse();
        foreach (var call in asked)
            await open.SendAsync(new Result(call.Id, call.Arguments));

        Assert.Equal([0L, 1L, 2L], (await Task.WhenAll(calls).WaitAsync(SessionPair.Patience)).Select(number => number.Value));
        var closing = client.CloseAsync();
        var (_, last) = Assert.IsType<RpcServer.Open.Goodbye>(await open.ReceiveAsync());
        await last.SendAsync(new Goodbye());
        await closing.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Failures_tell_the_client_what_it_may_know()
    {
        var serving = new CallService(Numerals.Methods).RunAsync(_server);
        await using var client = CallClient.Begin(_client);

        Assert.Equal("as asked", (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<Number, Number>("fail", new Number(1)))).Message);
        Assert.Equal("the method has failed", (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<Number, Number>("break", new Number(1)))).Message);
        Assert.Equal("there is no such method", (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<Number, Number>("none", new Number(1)))).Message);
        Assert.StartsWith("these are no Number: ", (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<Numbers, Number>("double", new Numbers(1, 2)))).Message);
        Assert.StartsWith("double returned what is no Numbers: ", (await Assert.ThrowsAsync<CallException>(() => client.CallAsync<Number, Numbers>("double", new Number(1)))).Message);

        await client.CloseAsync();
        await serving;
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled_and_others_go_on()
    {
        var serving = new CallService(Numerals.Methods).RunAsync(_server);
        await using var client = CallClient.Begin(_client);
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync<Number, Number>("for ever", new Number(1), cancel.Token);
        Assert.Equal(4, (await client.CallAsync<Number, Number>("double", new Number(2))).Value);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(SessionPair.Patience));
        Assert.Equal(6, (await client.CallAsync<Number, Number>("double", new Number(3))).Value);
        await client.CloseAsync();
        await serving;
    }

    [Fact]
    public async Task More_calls_than_the_server_takes_at_once_are_refused_and_so_is_an_identifier_in_use()
    {
        using var stop = new CancellationTokenSource();
        var serving = new CallService(Numerals.Methods, maxUnderWay: 2).RunAsync(_server, stop.Token);
        var open = RpcClient.Begin(_client);
        await open.SendAsync(new Call(1, "for ever", WireSerializer.ToArray(new Number(1))));
        await open.SendAsync(new Call(1, "for ever", WireSerializer.ToArray(new Number(1))));
        (var inUse, open) = Assert.IsType<RpcClient.Open.Failed>(await open.ReceiveAsync());
        await open.SendAsync(new Call(2, "for ever", WireSerializer.ToArray(new Number(1))));
        await open.SendAsync(new Call(3, "double", WireSerializer.ToArray(new Number(1))));
        (var tooMany, open) = Assert.IsType<RpcClient.Open.Failed>(await open.ReceiveAsync());

        Assert.Equal(new Failed(1, "a call with this identifier is under way"), inUse);
        Assert.Equal(new Failed(3, "too many calls are under way"), tooMany);
        await open.SendAsync(new Cancel(99));
        await open.SendAsync(new Cancel(1));
        (var cancelled, open) = Assert.IsType<RpcClient.Open.Cancelled>(await open.ReceiveAsync());
        Assert.Equal(1u, cancelled.Id);
        await open.SendAsync(new Cancel(2));
        var closing = await open.SendAsync(new Goodbye());
        while (await closing.ReceiveAsync() is RpcClient.Closing.Cancelled(_, var next))
            closing = next;
        await serving;
    }
}
