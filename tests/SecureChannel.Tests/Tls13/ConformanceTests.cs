using System.Reflection;
using System.Text.RegularExpressions;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Tls13;

/// <summary>Conformance.md names an existing test for each sentence of RFC 9846 that is in scope.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string[] Rows =
        [.. File.ReadLines(Repository.PathOf("tests", "SecureChannel.Tests", "Tls13", "Conformance.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| section", StringComparison.Ordinal))];

    [Fact]
    public void Every_sentence_has_a_test_or_a_reason()
    {
        Assert.True(Rows.Length > 300);
        Assert.All(Rows, row =>
        {
            var cells = row.Split(" | ");
            Assert.True(cells.Length >= 3 && cells[^1].TrimEnd('|', ' ').Length > 5, row);
            Assert.Matches(@"\b(MUST|SHALL|REQUIRED)\b", row);
        });
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var named = Rows.SelectMany(row => Named.Matches(row)).ToList();
        Assert.True(named.Count > 200);
        Assert.All(named, match =>
        {
            var name = match.Groups["class"].Value;
            // Contracts that several test projects share are in SecureChannel.Testing.
            var type = typeof(ConformanceTests).Assembly.GetType($"SecureChannel.Tests.{name}") ?? typeof(Repository).Assembly.GetType($"SecureChannel.Testing.{name}");
            Assert.True(type is not null, match.Value);
            var method = type.GetMethod(match.Groups["method"].Value);
            Assert.True(method?.GetCustomAttributes<FactAttribute>().Any() == true, match.Value);
            if (match.Groups["case"] is { Success: true, Value: var @case })
                Assert.Contains(@case, Cases(type, method));
        });
    }

    // Returns the cases of a theory with one argument.
    private static IEnumerable<string> Cases(Type type, MethodInfo method)
    {
        var source = method.GetCustomAttribute<MemberDataAttribute>()!.MemberName;
        return ((IEnumerable<TheoryDataRow<string>>)type.GetProperty(source)!.GetValue(null)!).Select(row => row.Data);
    }

    [GeneratedRegex("""`(?<class>(?:[A-Z]\w*\.)?[A-Z]\w*)\.(?<method>[A-Z]\w*)(?:\("(?<case>.*?)"\))?`""")]
    private static partial Regex Named { get; }
}
