using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Testing;

/// <summary>The programs of other implementations on this machine.</summary>
public static class Programs
{
    /// <summary>Tries to find a program in the path.</summary>
    /// <returns>True if the program exists; otherwise, false.</returns>
    public static bool TryFind(string program, [NotNullWhen(true)] out string? path)
    {
        path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        return path is not null;
    }

    /// <summary>Finds a program in the path. If it does not exist, the test is skipped, or fails if the environment variable CI is true.</summary>
    public static string Require(string program)
    {
        if (TryFind(program, out var path))
            return path;

        var missing = $"'{program}' is not installed. Run .ci/run, which installs it.";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", missing);
        Assert.Fail(missing);
        return "";
    }
}
