using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SecureChannel.Benchmarks;
using SecureChannel.Benchmarks.Channel;
using SecureChannel.Benchmarks.Generator;

// What a benchmark is compared to must run beside it: in one process, within minutes.
if (args is ["--quick", .. var filter])
    return Quick.Run(filter);
if (args is ["generator", .. var options])
    return GeneratorCost.Run(options);
if (args is ["channel", .. var words])
    return await ChannelBenchmarks.RunAsync(words).ConfigureAwait(false);

var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithSummaryStyle(SummaryStyle.Default.WithRatioStyle(RatioStyle.Value))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "SecureChannel.Benchmarks"));
return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config).Any() ? 0 : 1;
