using System.Globalization;

namespace SecureChannel.Analyzers.Tests.Protocols;

/// <summary>Checks the diagnostics about messages that cross: the attributes that are marked, and the traces in the messages.</summary>
internal static class CrossingTest
{
    /// <summary>Checks a declaration. Each trace is a part of one message, in any order of the messages.</summary>
    public static async Task CheckAsync(string source, params string[] traces)
    {
        var found = await DeclarationTest.CheckAsync(source);
        Assert.All(found, diagnostic => Assert.Contains(diagnostic.Id, new[] { "SCH2001", "SCH2002" }));
        Assert.True(
            traces.Length == found.Count,
            $"{found.Count} diagnostics: {string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture)))}");
        Assert.All(traces, trace => Assert.Contains(found, diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).Contains(trace, StringComparison.Ordinal)));
    }
}
