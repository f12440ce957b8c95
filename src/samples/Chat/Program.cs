using System.Threading.Channels;
using Samples.Chatting;
using Samples.Common;

const string Help = """
    Usage: Chat [server | join NAME] [options]

    A chat room over secure sessions: everybody sends at any time, and either side may leave first.

    Commands:
      (none)               Runs a room and three scripted members in one process.
      server               Runs the room. Ctrl+C closes it; a second Ctrl+C ends the process.
      join NAME            Joins a room. Each line that you type is sent; the end of input leaves.

    Options:
    """;

return await SampleProgram.RunAsync(Help, args, [], async (options, stop) =>
{
    switch (options.Command)
    {
        case []:
            await RunDemoAsync(options);
            break;
        case ["server"]:
            var room = new ChatRoom();
            using (stop.Register(room.Close))
                await SampleServer.RunAsync(options, ChatServer.Name, room.ServeAsync, CancellationToken.None);
            break;
        case ["join", var name]:
            await using (var session = await SampleClient.ConnectAsync(options, ChatClient.Name))
                await Participant.RunAsync(session, name, ReadConsoleAsync(), said => Console.WriteLine($"{said.Name}: {said.Text}"), stop);
            break;
        default:
            throw options.UnknownCommand();
    }
});

static async Task RunDemoAsync(SampleOptions options)
{
    var room = new ChatRoom();
    await using var server = SampleServer.Start(options, ChatServer.Name, room.ServeAsync);
    Console.WriteLine($"== a room with three members, secured by {options.Security}");
    var (ann, bob, eve) = (new ScriptedMember("ann"), new ScriptedMember("bob"), new ScriptedMember("eve"));
    var members = new List<Task>();
    foreach (var member in new[] { ann, bob, eve })
    {
        members.Add(JoinAsync(server, member));
        while (room.MemberCount < members.Count)
            await Task.Yield();
    }

    await ann.SayAsync("hello");
    await bob.WaitForAsync("ann: hello");
    await bob.SayAsync("hello ann");
    await ann.WaitForAsync("bob: hello ann");
    Console.WriteLine("== bob leaves right after his last line");
    await bob.SayAsync("I must go");
    bob.Leave();
    await ann.WaitForAsync("bob: has left");
    Console.WriteLine("== the room closes while ann and eve are in it");
    room.Close();
    await Task.WhenAll(members);
}

static async Task JoinAsync(SampleServer server, ScriptedMember member)
{
    await using var session = await server.ConnectAsync();
    await Participant.RunAsync(session, member.Name, member.Lines, member.OnReceived);
    Console.WriteLine($"{member.Name} has left");
    await session.CloseAsync();
}

static IAsyncEnumerable<string> ReadConsoleAsync()
{
    var lines = Channel.CreateUnbounded<string>();
    // Console.ReadLine blocks and cannot be canceled, so it has a thread of its own, which ends with the process.
    _ = Task.Run(() =>
    {
        while (Console.ReadLine() is { } line)
        {
            if (line.Length > 0)
                lines.Writer.TryWrite(line);
        }

        lines.Writer.Complete();
    });
    return lines.Reader.ReadAllAsync();
}
