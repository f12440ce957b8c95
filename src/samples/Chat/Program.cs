using System.Threading.Channels;
using Samples.Chatting;
using Samples.Common;

const string Help = """
    A chat over sessions: all talk when they like, and either side may say goodbye first.

      Chat                        everything: a room and three members
      Chat server [--port N]      the room alone; Ctrl+C closes it in order
      Chat join NAME --port N     a member: each line that you type is said; the end of input leaves
    """;

return await SampleProgram.RunAsync(Help, args, [], async (options, stop) =>
{
    switch (options.Words)
    {
        case []:
            await TourAsync(options);
            return true;
        case ["server"]:
            var open = new ChatRoom();
            using (stop.Register(open.Close))
            {
                await SampleServer.RunAsync(options, ChatServer.Name, session => open.ServeAsync(session, CancellationToken.None));
            }

            return true;
        case ["join", var name]:
            await using (var session = await SampleServer.ConnectAsync(options, ChatClient.Name))
            {
                await Participant.TalkAsync(session, name, TypedLines(), said => Console.WriteLine($"{said.Name}: {said.Text}"), stop);
            }

            return true;
        default:
            return false;
    }
});

static async Task TourAsync(SampleOptions options)
{
    var room = new ChatRoom();
    await using var server = SampleServer.Start(options, ChatServer.Name, session => room.ServeAsync(session));
    Console.WriteLine($"== a room, secured by {options.Security}");
    var (ann, bob, eve) = (new Voice("ann"), new Voice("bob"), new Voice("eve"));
    var inRoom = new List<Task>();
    foreach (var voice in new[] { ann, bob, eve })
    {
        inRoom.Add(JoinAsync(server, options, voice));
        while (room.Members < inRoom.Count)
            await Task.Yield();
    }

    await ann.SayAsync("hello");
    await bob.HasHeardAsync("ann: hello");
    await bob.SayAsync("hello ann");
    await ann.HasHeardAsync("bob: hello ann");
    Console.WriteLine("== bob leaves, with his last words on their way");
    await bob.SayAsync("I must go");
    bob.Leave();
    await ann.HasHeardAsync("bob: has left");
    Console.WriteLine("== the room closes while ann and eve are there");
    room.Close();
    await Task.WhenAll(inRoom);
}

static async Task JoinAsync(SampleServer server, SampleOptions options, Voice voice)
{
    await using var session = await server.ConnectHereAsync(options, ChatClient.Name);
    await Participant.TalkAsync(session, voice.Name, voice.Lines, voice.Hear);
    Console.WriteLine($"{voice.Name} has left");
    await session.CloseAsync();
}

static IAsyncEnumerable<string> TypedLines()
{
    var lines = Channel.CreateUnbounded<string>();
    // A console cannot be waited for: a thread of the pool reads it, and goes with the process.
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
