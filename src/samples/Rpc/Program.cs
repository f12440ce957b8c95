using System.Diagnostics;
using System.Globalization;
using Samples.Calls;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;

const string Help = """
    Usage: Rpc [server | add A B | divide A B | wait MS] [options]

    Remote procedure calls over a secure session: many pending calls, answers in any order, cancellation at any time.

    Commands:
      (none)               Runs a server and a client in one process: 10,000 calls, failures and a cancellation.
      server               Runs the server until Ctrl+C.
      add A B              Calls the server to add two integers.
      divide A B           Calls the server to divide two integers.
      wait MS              Calls the server to wait a number of milliseconds. Ctrl+C cancels the call.

    Options:
    """;

return await SampleProgram.RunAsync(Help, args, [], async (options, stop) =>
{
    switch (options.Command)
    {
        case []:
            await using (var server = SampleServer.Start(options, RpcServer.Name, ServeAsync))
            await using (var session = await server.ConnectAsync())
                await RunDemoAsync(session);
            break;
        case ["server"]:
            await SampleServer.RunAsync(options, RpcServer.Name, ServeAsync, stop);
            break;
        case ["add" or "divide", var first, var second]:
            await CallAsync(options, new Numbers(Parse(first), Parse(second)), stop);
            break;
        case ["wait", var milliseconds]:
            await CallAsync(options, new Number(Parse(milliseconds)), stop);
            break;
        default:
            throw options.UnknownCommand();
    }
});

static Task ServeAsync([InState(SessionState.Established)] SecureSession session, CancellationToken stop) =>
    new CallService(Methods.All).RunAsync(session, stop);

static long Parse(string text) =>
    long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"'{text}' is not an integer.");

static async Task CallAsync<TArguments>(SampleOptions options, TArguments arguments, CancellationToken stop)
    where TArguments : IMessage<TArguments>
{
    await using var session = await SampleClient.ConnectAsync(options, RpcClient.Name);
    await using var client = CallClient.Start(session);
    await WriteOutcomeAsync(client.CallAsync<TArguments, Number>(options.Command[0], arguments, stop));
}

static async Task RunDemoAsync([InState(SessionState.Established)] SecureSession session)
{
    const int Calls = 1000;
    const int Rounds = 10;
    await using var client = CallClient.Start(session);

    Console.WriteLine($"== {Calls} concurrent calls, {Rounds} times");
    var started = Stopwatch.GetTimestamp();
    for (var round = 0; round < Rounds; round++)
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => client.CallAsync<Numbers, Number>("add", new Numbers(number, number))));
        if (sums.Where((sum, number) => sum.Value != 2 * number).Any())
            throw new InvalidOperationException("A call received the answer to another call.");
    }

    Console.WriteLine($"{Calls * Rounds / Stopwatch.GetElapsedTime(started).TotalSeconds:0} calls per second, all answers correct");

    Console.WriteLine("== a call that fails, and a call of an unknown method");
    await WriteOutcomeAsync(client.CallAsync<Numbers, Number>("divide", new Numbers(1, 0)));
    await WriteOutcomeAsync(client.CallAsync<Numbers, Number>("multiply", new Numbers(2, 3)));

    Console.WriteLine("== a fast call that overtakes a slow one, and the cancellation of the slow one");
    using var cancel = new CancellationTokenSource();
    var slow = client.CallAsync<Number, Number>("wait", new Number(3_600_000), cancel.Token);
    await WriteOutcomeAsync(client.CallAsync<Numbers, Number>("add", new Numbers(1, 2)));
    await cancel.CancelAsync();
    await WriteOutcomeAsync(slow);

    await client.CloseAsync();
    await session.CloseAsync();
    Console.WriteLine($"session ended: {await session.Completion}");
}

static async Task WriteOutcomeAsync(Task<Number> call)
{
    try
    {
        Console.WriteLine($"result: {(await call).Value}");
    }
    catch (CallException failure)
    {
        Console.WriteLine($"failed: {failure.Message}");
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("canceled");
    }
}
