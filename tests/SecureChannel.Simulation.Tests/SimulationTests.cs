using SecureChannel.Testing;

namespace SecureChannel.Simulation.Tests;

/// <summary>Tests that run the simulation as a program, because it needs a thread pool with one thread.</summary>
public sealed class SimulationTests
{
    [Fact]
    public async Task Sessions_honor_their_contract_in_2000_simulated_runs()
    {
        var result = await SimulateAsync("--runs", "2000", "--seed", "1000000");
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [Fact]
    public async Task Sessions_over_SslStream_honor_their_contract_in_300_simulated_runs()
    {
        var result = await SimulateAsync("--runs", "300", "--seed", "2000000", "--ssl-stream");
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [Fact]
    public async Task A_seed_produces_the_same_events_in_every_process()
    {
        var first = await SimulateAsync("--runs", "40", "--seed", "7", "--hash", "--jobs", "1");
        var second = await SimulateAsync("--runs", "40", "--seed", "7", "--hash", "--jobs", "3");
        var hashes = HashesOf(first);
        Assert.Equal(40, hashes.Length);
        Assert.Equal(hashes, HashesOf(second));
    }

    [Fact]
    public async Task Invalid_options_are_refused_with_the_help_text()
    {
        var result = await SimulateAsync("--runs", "many");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Usage: SecureChannel.Simulation", result.Output, StringComparison.Ordinal);
    }

    private static string[] HashesOf(Command result) =>
        [.. result.Lines.Where(line => line.StartsWith("hash ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static Task<Command> SimulateAsync(params IEnumerable<string> arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, ["SecureChannel.Simulation.dll", .. arguments]);
}
