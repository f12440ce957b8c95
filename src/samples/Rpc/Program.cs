using System.Diagnostics;
using System.Globalization;
using Samples.Calls;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;

const string Help = """
    Calls and answers over a session: many under way at once, answered in any order, cancelled at any time.

      Rpc                                   everything: a server and a client, 10,000 calls at once, failures, cancellations
      Rpc server [--port N]                 the server alone
      Rpc METHOD NUMBER [NUMBER] --port N   one call: add, divide or wait (milliseconds); Ctrl+C cancels it
    """;

return await SampleProgram.RunAsync(Help, args, [], async (options, stop) =>
{
    switch (options.Words)
    {
        case []:
            await using (var server = SampleServer.Start(options, RpcServer.Name, ServeAsync))
            await using (var session = await server.ConnectHereAsync(options, RpcClient.Name))
            {
                await TourAsync(session);
            }

            return true;
        case ["server"]:
            await SampleServer.RunAsync(options, RpcServer.Name, ServeAsync);
            return true;
        case ["add" or "divide", var first, var second]:
            await CallAsync<Numbers>(options, new Numbers(Parse(first), Parse(second)), stop);
            return true;
        case ["wait", var milliseconds]:
            await CallAsync<Number>(options, new Number(Parse(milliseconds)), stop);
            return true;
        default:
            return false;
    }
});

static Task ServeAsync([InState(SessionState.Established)] SecureSession session) => new CallService(Methods.All).RunAsync(session);

static long Parse(string number) => long.TryParse(number, CultureInfo.InvariantCulture, out var value) ? value : throw new ArgumentException($"{number} is no number.");

static async Task CallAsync<TArguments>(SampleOptions options, TArguments arguments, CancellationToken stop)
    where TArguments : SecureChannel.Messages.IMessage<TArguments>
{
    await using var session = await SampleServer.ConnectAsync(options, RpcClient.Name);
    await using var client = CallClient.Begin(session);
    try
    {
        Console.WriteLine((await client.CallAsync<TArguments, Number>(options.Words[0], arguments, stop)).Value);
    }
    catch (CallException failure)
    {
        Console.WriteLine($"failed: {failure.Message}");
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("cancelled");
    }
}

static async Task TourAsync([InState(SessionState.Established)] SecureSession session)
{
    const int Calls = 1000;
    const int Rounds = 10;
    await using var client = CallClient.Begin(session);

    Console.WriteLine($"== {Calls} calls under way at once, {Rounds} times");
    var started = Stopwatch.GetTimestamp();
    for (var round = 0; round < Rounds; round++)
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => client.CallAsync<Numbers, Number>("add", new Numbers(number, number))));
        if (sums.Where((sum, number) => sum.Value != 2 * number).Any())
            throw new InvalidOperationException("An answer went to the wrong call.");
    }

    Console.WriteLine($"{Calls * Rounds / Stopwatch.GetElapsedTime(started).TotalSeconds:0} calls each second, each answered to its caller");

    Console.WriteLine("== a call that fails, and one that there is not");
    await TellAsync(client.CallAsync<Numbers, Number>("divide", new Numbers(1, 0)));
    await TellAsync(client.CallAsync<Numbers, Number>("multiply", new Numbers(2, 3)));

    Console.WriteLine("== a slow call does not hold up a quick one, and is cancelled");
    using var cancel = new CancellationTokenSource();
    var slow = client.CallAsync<Number, Number>("wait", new Number(3_600_000), cancel.Token);
    await TellAsync(client.CallAsync<Numbers, Number>("add", new Numbers(1, 2)));
    await cancel.CancelAsync();
    await TellAsync(slow);

    await client.CloseAsync();
    await session.CloseAsync();
    Console.WriteLine($"session ended: {await session.Completion}");
}

static async Task TellAsync(Task<Number> call)
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
        Console.WriteLine("cancelled");
    }
}
