using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SecureChannel.Benchmarks;
using SecureChannel.Benchmarks.Channel;
using SecureChannel.Benchmarks.Generator;

const string Help = """
    Usage: SecureChannel.Benchmarks [command] [options]

    Measures messages, the generator and sessions against other libraries.

    Commands:
      --quick [WORD...]         Runs all message benchmarks in two minutes, or those whose names contain all words.
      generator [--no-build]    Measures the generator during edits and builds in eight minutes. --no-build omits the builds.
      channel [WORD...]         Measures sessions against SslStream in three minutes, or only rows whose titles contain all words.
      keep-alive [N]            Measures N idle sessions (5,000 by default) with and without a ping each second, in four minutes.
      (any other arguments)     Runs BenchmarkDotNet with these arguments. The default is --filter '*'.
    """;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Help);
    return 0;
}

// Contenders must run in the same process within minutes of each other, so that their ratios are comparable.
if (args is ["--quick", .. var filter])
    return Quick.Run(filter);
if (args is ["generator", .. var options])
    return GeneratorCost.Run(options);
if (args is ["keep-alive", .. var sessions])
    return await KeepAliveCost.RunAsync(sessions).ConfigureAwait(false);
if (args is ["channel", .. var words])
    return await ChannelBenchmarks.RunAsync(words).ConfigureAwait(false);

var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithSummaryStyle(SummaryStyle.Default.WithRatioStyle(RatioStyle.Value))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "SecureChannel.Benchmarks"));
return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config).Any() ? 0 : 1;
