using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Interop.Tests;

/// <summary>The other implementations' programs, found on this machine.</summary>
internal static class Programs
{
    /// <summary>Finds a program in the path.</summary>
    public static bool TryFind(string program, [NotNullWhen(true)] out string? path)
    {
        path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        return path is not null;
    }

    /// <summary>Finds a program; without it the test is skipped, and where CI is true it fails.</summary>
    public static string Require(string program)
    {
        if (TryFind(program, out var path))
            return path;

        var missing = $"{program} is not on this machine: .ci/run installs it.";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", missing);
        Assert.Fail(missing);
        return "";
    }
}
