using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SecureChannel.Testing;

namespace SecureChannel.Packages.Tests;

/// <summary>The page for newcomers, followed to the letter.</summary>
[Collection(nameof(PackedProject))]
public sealed partial class GettingStartedTests(PackedProject packed)
{
    /// <summary>Starts the server, waits for its first line, and runs the client. The first argument is dotnet.</summary>
    private const string RunBoth = """
        exec 3< <(exec "$0" bin/Debug/net10.0/Bank.dll server)
        trap "kill $!" EXIT
        read -r line <&3
        echo "$line"
        "$0" bin/Debug/net10.0/Bank.dll
        """;

    [Fact]
    public async Task The_page_leads_to_a_client_and_a_server_that_print_what_it_promises()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true" || (HasProgram("bash") && HasProgram("openssl")), "The page needs bash and openssl, and one is not on the path.");
        var page = (await File.ReadAllTextAsync(Repository.PathOf("src", "SecureChannel", "docs", "getting-started.md"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var port = FindFreePort();
        page = page.Replace("7443", $"{port}", StringComparison.Ordinal);

        // The first step, without the network: a console project that adds the package from the tests' own feed.
        var folder = packed.CreateProject("Bank");
        foreach (Match file in SourceFile.Matches(page))
            await File.WriteAllTextAsync(Path.Combine(folder, file.Groups["name"].Value), file.Groups["text"].Value, TestContext.Current.CancellationToken);
        var certificates = await Command.RunAsync("bash", folder, null, "-ec", Certificates.Match(page).Groups[1].Value);
        Assert.True(certificates.ExitCode == 0, certificates.Output);
        var build = await PackedProject.DotnetAsync(folder, "build", "-p:TreatWarningsAsErrors=true", "--disable-build-servers");
        Assert.True(build.ExitCode == 0, build.Output);

        var run = await Command.RunAsync("bash", folder, null, "-c", RunBoth, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet");

        Assert.Equal([$"listening on port {port}", .. ExpectedOutput.Match(page).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)], run.Lines);
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    [GeneratedRegex(@"`(?<name>\w+\.cs)`[^`]*```csharp\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SourceFile { get; }

    [GeneratedRegex(@"```sh\n(openssl .*?)```", RegexOptions.Singleline)]
    private static partial Regex Certificates { get; }

    [GeneratedRegex(@"```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExpectedOutput { get; }
}
