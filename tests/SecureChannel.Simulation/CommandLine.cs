using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>The options of the command line.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        Usage: SecureChannel.Simulation [options]

        Runs clients and servers over a simulated network under virtual time, and checks the contract of sessions after each run.

        Options:
          --runs N         The number of runs (default 1000). Run i uses the seed S + i.
          --seed S         The first seed (default 1).
          --ssl-stream     Runs sessions over SslStream.
          --jobs N         The number of processes (default: the number of processors).
          --trace          Runs in one thread of one process, and prints the scenario and all events of each run.
          --soak MINUTES   Runs sessions with faults on several threads in real time, over sockets and pipes, and observes the memory.
                           A seed determines what a pair of sessions does, but not its timing.
          --sessions N     Measures the memory of N open sessions, idle and after traffic. Both endpoints are in one process.
          --attack SECONDS Attacks a listener with silent connections over loopback addresses in real time, and measures how long a client waits until it
                           is served: without an attack, and for each attack during this time.
          --hash           Prints a hash of the events of each run. Two executions of a seed have the same hash.
          --help           Shows this text.

        Exit code: 0 if the contract holds, 1 if a run violates it, needs too much memory or serves a client too late, 2 if an option is invalid.
        """;

    public ulong Runs { get; private init; } = 1000;

    public ulong Seed { get; private init; } = 1;

    public int Jobs { get; private init; } = Environment.ProcessorCount;

    /// <summary>Gets the duration of the soak in minutes, or 0.</summary>
    public int SoakMinutes { get; private init; }

    /// <summary>Gets the number of sessions whose memory is measured, or 0.</summary>
    public int Sessions { get; private init; }

    /// <summary>Gets the duration of each attack on a listener in seconds, or 0.</summary>
    public int AttackSeconds { get; private init; }

    public bool Traces { get; private init; }

    public bool PrintsHashes { get; private init; }

    public bool UsesSslStream { get; private init; }

    public bool ShowsHelp { get; private init; }

    /// <summary>Gets a value that indicates whether the mode needs a process with several threads.</summary>
    public bool NeedsThreads => SoakMinutes > 0 || Sessions > 0 || AttackSeconds > 0;

    /// <summary>Gets a value that indicates whether this process works for another process of the program.</summary>
    public bool IsWorker { get; private init; }

    public static bool TryParse(IReadOnlyList<string> arguments, out CommandLine options)
    {
        options = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            var hasNumber = ulong.TryParse(value, CultureInfo.InvariantCulture, out var number);
            switch (arguments[i])
            {
                case "--runs" when hasNumber:
                    options = options with { Runs = number };
                    i++;
                    break;
                case "--seed" when hasNumber:
                    options = options with { Seed = number };
                    i++;
                    break;
                case "--jobs" when hasNumber && number is > 0 and < 1000:
                    options = options with { Jobs = (int)number };
                    i++;
                    break;
                case "--soak" when hasNumber && number is > 0 and < 10_000:
                    options = options with { SoakMinutes = (int)number };
                    i++;
                    break;
                case "--sessions" when hasNumber && number is > 0 and < 1_000_000:
                    options = options with { Sessions = (int)number };
                    i++;
                    break;
                case "--attack" when hasNumber && number is > 0 and < 10_000:
                    options = options with { AttackSeconds = (int)number };
                    i++;
                    break;
                case "--ssl-stream":
                    options = options with { UsesSslStream = true };
                    break;
                case "--trace":
                    options = options with { Traces = true };
                    break;
                case "--hash":
                    options = options with { PrintsHashes = true };
                    break;
                case "--help" or "-h":
                    options = options with { ShowsHelp = true };
                    break;
                case "--worker":
                    options = options with { IsWorker = true };
                    break;
                default:
                    return false;
            }
        }
        if (options.Traces)
            options = options with { IsWorker = true };
        return true;
    }
}
