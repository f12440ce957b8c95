using Samples.Banking;
using Samples.Common;

const string Help = """
    Usage: Bank [server | client] [options]

    A bank with typed messages over secure sessions: the protocol in README.md.

    Commands:
      (none)               Runs the server and the client as two processes and shows the output of both.
      server               Runs the server until Ctrl+C.
      client               Runs the client against a server that is already running.

    Options:
      --idle-timeout N     Idle timeout in seconds that the client proposes, 1 to 86399. The default is 2.
    """;

return await SampleProgram.RunAsync(Help, args, ["--idle-timeout"], async (options, stop) =>
{
    var idleTimeout = TimeSpan.FromSeconds(options.GetNumber("--idle-timeout", 2, 1, 86399));
    switch (options.Command)
    {
        case []:
            await Demo.RunAsync(options, idleTimeout);
            break;
        case ["server"]:
            await Server.RunAsync(options, stop);
            break;
        case ["client"]:
            await Client.RunAsync(options, idleTimeout);
            break;
        default:
            throw options.UnknownCommand();
    }
});
