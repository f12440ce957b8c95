using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;
using SecureChannel.Testing;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>
/// Measures the cost of secure connections. The contenders of a row alternate in one process. The results are the median of the times and the median of the ratios
/// within a round, because the speed of the processor changes between rounds; and the ratio of the fastest tenth of the turns, which nothing else disturbed. Times
/// and processor times include both endpoints.
/// </summary>
internal static class ChannelBenchmarks
{
    private const int Rounds = 15;

    // Over TCP, the time of a turn varies by a factor of three with the scheduling of the threads, so the median needs more turns.
    private const int RoundsOverTcp = 75;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    private static ChannelContender[] Contenders { get; } =
    [
        new SslStreamContender(),
        new SessionContender("SecureChannel, libsodium", SessionSecurity.Tls13, SodiumProvider.Instance),
        new SessionContender("SecureChannel, libsodium, cold", SessionSecurity.Tls13, SodiumProvider.Instance, isCold: true),
        new SessionContender("SecureChannel, .NET", SessionSecurity.Tls13, CryptographyProvider.Platform),
        new SessionContender("SecureChannel, .NET, cold", SessionSecurity.Tls13, CryptographyProvider.Platform, isCold: true),
        new PlainContender(),
        new SslStreamContender(isMutual: true),
        new SessionContender("SecureChannel, libsodium", SessionSecurity.Tls13, SodiumProvider.Instance, isMutual: true),
        new SessionContender("SecureChannel, libsodium, cold", SessionSecurity.Tls13, SodiumProvider.Instance, isCold: true, isMutual: true),
        new SessionContender("SecureChannel, .NET", SessionSecurity.Tls13, CryptographyProvider.Platform, isMutual: true),
    ];

    /// <summary>Runs the rows whose titles contain all words, such as <c>bulk tcp</c>. Without words, runs all rows.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        if (words is ["idle-of", var name])
            return await IdleMemory.MeasureAsync(Contenders.Single(contender => contender.Name == name && !contender.IsMutual)).ConfigureAwait(false);

        if (words is ["row", var title])
        {
            await PrintAsync(Rows().Single(row => row.Title == title)).ConfigureAwait(false);
            return 0;
        }

        // Each row has a process of its own, because the pool threads of one row would disturb the next.
        foreach (var row in Rows().Where(row => words.All(word => row.Title.Contains(word, StringComparison.OrdinalIgnoreCase))))
            OwnProcess.Run("channel", "row", row.Title);
        if (words.All(word => IdleMemory.Title.Contains(word, StringComparison.OrdinalIgnoreCase)))
            IdleMemory.Print(Contenders.Where(contender => !contender.IsForHandshakesOnly && !contender.IsMutual));
        return 0;
    }

    private static IEnumerable<Row> Rows()
    {
        foreach (var isTcp in (bool[])[false, true])
        {
            var over = isTcp ? "TCP" : "memory";
            yield return new($"full handshake over {over}", isTcp, false, null);
            yield return new($"mutual handshake over {over}", isTcp, false, null, IsMutual: true);
            yield return new($"bulk, 16 KiB, over {over}", isTcp, false, (pair, count) => BothAsync(isTcp, count, 16, pair.WritePiecesAsync, pair.ReadPiecesAsync));
            yield return new($"64-byte messages one by one over {over}", isTcp, true,
                (pair, count) => BothAsync(isTcp, count, 64, part => pair.SendTicksAsync(part, oneByOne: true), pair.ReceiveTicksAsync));
            yield return new($"64-byte messages gathered over {over}", isTcp, true,
                (pair, count) => BothAsync(isTcp, count, 4096, part => pair.SendTicksAsync(part, oneByOne: false), pair.ReceiveTicksAsync));
        }
        yield return new("ping-pong, 64 bytes, over TCP", true, true, (pair, count) => Task.WhenAll(pair.PongAsync(count), pair.PingAsync(count)));
    }

    // Over memory, both endpoints alternate on one thread. Over TCP, each has a thread.
    private static async Task BothAsync(bool isTcp, int count, int part, Func<int, Task> write, Func<int, Task> read)
    {
        if (isTcp)
        {
            await Task.WhenAll(Task.Run(() => read(count)), Task.Run(() => write(count))).ConfigureAwait(false);
            return;
        }
        for (var left = count; left > 0; left -= part)
        {
            await write(Math.Min(part, left)).ConfigureAwait(false);
            await read(Math.Min(part, left)).ConfigureAwait(false);
        }
    }

    private static async Task PrintAsync(Row row)
    {
        var runs = new List<Run>();
        foreach (var contender in Contenders)
        {
            if (contender.IsMutual != row.IsMutual || (row.Loop is null ? contender is PlainContender : contender.IsForHandshakesOnly))
                continue;
            var run = new Run(contender, await StartAsync(row, contender).ConfigureAwait(false));
            await run.WarmUpAsync(Turn).ConfigureAwait(false);
            runs.Add(run);
        }
        for (var round = 0; round < (row.IsTcp ? RoundsOverTcp : Rounds); round++)
        {
            foreach (var run in runs)
                await run.MeasureAsync().ConfigureAwait(false);
        }

        var baseline = runs[0];
        Console.WriteLine();
        Console.WriteLine($"| {row.Title} | us | {baseline.Name} = 1 | fastest tenth | us of processor time | bytes allocated |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var run in runs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {run.Name} | {run.Time:F3} | {run.RatioTo(baseline):F2} | {run.Fastest / baseline.Fastest:F2} | {run.Processor:F3} | {run.Allocated:F0} |"));
        }
    }

    private static async Task<Func<int, Task>> StartAsync(Row row, ChannelContender contender)
    {
        if (row.Loop is { } loop)
        {
            var pair = await ConnectAsync(contender, row).ConfigureAwait(false);
            return count => loop(pair, count);
        }
        return async count =>
        {
            for (var i = 0; i < count; i++)
                await (await ConnectAsync(contender, row).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        };
    }

    private static async Task<ChannelPair> ConnectAsync(ChannelContender contender, Row row)
    {
        var (client, server) = row.IsTcp ? await TcpLink.CreateAsync().ConfigureAwait(false) : MemoryLink.Create();
        return await contender.ConnectAsync(client, server, row.CarriesMessages).ConfigureAwait(false);
    }

    private sealed record Row(string Title, bool IsTcp, bool CarriesMessages, Func<ChannelPair, int, Task>? Loop, bool IsMutual = false);

    private sealed class Run(ChannelContender contender, Func<int, Task> loop)
    {
        private readonly List<double> _times = [];
        private readonly List<double> _processor = [];
        private readonly List<double> _allocated = [];
        private int _count;

        public string Name => contender.Name;

        public double Time => Median(_times);

        // The lists have one element for each round.
        public double RatioTo(Run baseline) => Median([.. _times.Zip(baseline._times, (time, other) => time / other)]);

        public double Fastest => _times.Order().ElementAt(_times.Count / 10);

        public double Processor => Median(_processor);

        public double Allocated => Median(_allocated);

        // Warms up until the JIT compiler has nothing left to compile, and counts the operations that fill a turn.
        public async Task WarmUpAsync(TimeSpan turn)
        {
            _count = 1;
            long compiled;
            do
            {
                compiled = JitInfo.GetCompiledMethodCount();
                for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < WarmUp;)
                {
                    contender.Prepare(_count);
                    var start = Stopwatch.GetTimestamp();
                    await loop(_count).ConfigureAwait(false);
                    _count = Math.Clamp((int)(_count * (turn / Stopwatch.GetElapsedTime(start))), 1, 2 * _count);
                }
            }
            while (JitInfo.GetCompiledMethodCount() != compiled);
        }

        public async Task MeasureAsync()
        {
            contender.Prepare(_count);
            var (processor, allocated, start) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
            await loop(_count).ConfigureAwait(false);
            _times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / _count);
            _processor.Add((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / _count);
            _allocated.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / _count);
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
