using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Testing;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace SecureChannel.Architecture.Tests;

/// <summary>The time limit of tests: every test project has it, and it fails each kind of test that hangs.</summary>
public sealed class TimeLimitTests
{
    [Fact]
    public async Task Every_test_project_compiles_the_time_limit()
    {
        var projects = await EvaluateProjectsAsync();
        Assert.Contains(projects, project => project.Name == typeof(TimeLimitTests).Assembly.GetName().Name && project.IsTest);
        Assert.Equal([], projects.Where(project => project.IsTest && !project.HasTimeLimit).Select(project => project.Name));
    }

    [Fact]
    public void Every_project_with_the_name_of_tests_is_below_the_folder_of_tests() =>
        // The build properties of that folder make a project with such a name a test project.
        Assert.Equal([], Repository.Files("", ".Tests.csproj").Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)));

    [Fact]
    public void This_test_runs_with_the_default_limit() =>
        Assert.Equal(TimeLimit.Default, Assert.IsType<IXunitTest>(TestContext.Current.Test, exactMatch: false).Timeout);

    [Fact]
    public async Task A_test_without_a_limit_of_its_own_receives_the_default() =>
        Assert.All(await DiscoverAsync(typeof(Unlimited)), test => Assert.Equal(TimeLimit.Default, test.Timeout));

    [Fact]
    public async Task A_test_that_hangs_fails_and_the_run_ends()
    {
        var cases = await DiscoverAsync(typeof(Hanging));
        var results = new Results();
        try
        {
            await new TimeLimit().GetExecutor(typeof(Hanging).Assembly).RunTestCases(
                cases, results, TestFrameworkOptions.ForExecution(new TestAssemblyConfiguration()), TestContext.Current.CancellationToken);
        }
        finally
        {
            Hanging.Release.Set();
        }

        Assert.Equal(
            [nameof(Hanging.Blocks), nameof(Hanging.Blocks_in_a_row), nameof(Hanging.Blocks_in_a_row_of_objects), nameof(Hanging.Never_completes)],
            results.TimedOut.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_time_limit_at_a_test_exceeds_the_default_and_has_its_reason_beside_it() =>
        Assert.Equal([], Repository.Files("tests", ".cs").Where(file => Path.GetFileName(file) != "TimeLimitTests.cs").SelectMany(file =>
            CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(file))).GetRoot().DescendantNodes().OfType<AttributeArgumentSyntax>()
                .Where(argument => argument.NameEquals?.Name.Identifier.Text == "Timeout" && !IsLongerForAReason(argument))
                .Select(argument => $"{file}: {argument.Parent?.Parent}")));

    private static bool IsLongerForAReason(AttributeArgumentSyntax argument)
    {
        var attributes = argument.FirstAncestorOrSelf<AttributeListSyntax>()!;
        return argument.Expression is LiteralExpressionSyntax { Token.Value: > TimeLimit.Default }
            && attributes.GetLeadingTrivia().Concat(attributes.GetTrailingTrivia()).Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));
    }

    /// <summary>Evaluates every project of the repository with MSBuild, because a project also consists of the files that it imports.</summary>
    private static async Task<IReadOnlyList<(string Name, bool IsTest, bool HasTimeLimit)>> EvaluateProjectsAsync()
    {
        var folder = Directory.CreateTempSubdirectory("securechannel-projects-").FullName;
        try
        {
            var query = Path.Combine(folder, "query.proj");
            await File.WriteAllTextAsync(query, $"""
                <Project>
                  <Target Name="EvaluateAll">
                    <MSBuild Projects="{string.Join(';', Repository.Files("", ".csproj").Select(file => Repository.PathOf(file)))}" Targets="Evaluate"
                             Properties="CustomAfterMicrosoftCommonTargets=$(MSBuildProjectFullPath)" />
                  </Target>
                  <Target Name="Evaluate">
                    <Message Importance="high" Text="evaluated|$(MSBuildProjectName)|;@(PackageReference);|;@(Compile->'%(Filename)%(Extension)');|" />
                  </Target>
                </Project>
                """);
            var evaluated = await Command.DotnetAsync(folder, null, ["msbuild", query, "-nologo", "-target:EvaluateAll"]);
            Assert.True(evaluated.ExitCode == 0, evaluated.Output);
            return [.. evaluated.Lines.Select(line => line.Split('|')).Where(parts => parts[0] == "evaluated").Select(parts => (
                parts[1],
                parts[2].Contains(";xunit.v3;", StringComparison.OrdinalIgnoreCase),
                parts[3].Contains(";TimeLimit.cs;", StringComparison.Ordinal)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<IXunitTestCase>> DiscoverAsync(Type tests)
    {
        var found = new List<IXunitTestCase>();
        await new TimeLimit().GetDiscoverer(tests.Assembly).Find(
            test =>
            {
                found.Add((IXunitTestCase)test);
                return new(true);
            },
            TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration { PreEnumerateTheories = true }),
            [tests],
            TestContext.Current.CancellationToken);
        Assert.NotEmpty(found);
        return found;
    }

    /// <summary>Collects the names of the tests that exceed their limit.</summary>
    private sealed class Results : IMessageSink
    {
        private readonly Dictionary<string, string> _methods = [];

        public List<string> TimedOut { get; } = [];

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (_methods)
            {
                if (message is ITestMethodStarting method)
                    _methods[method.TestMethodUniqueID!] = method.MethodName;
                else if (message is ITestFailed { Cause: FailureCause.Timeout } failed)
                    TimedOut.Add(_methods[failed.TestMethodUniqueID!]);
            }

            return true;
        }
    }

#pragma warning disable xUnit1000 // Test classes must be public. These are not, so that only the tests above find them.
    private sealed class Unlimited
    {
        public static TheoryData<object> Objects => [new object()];

        [Fact]
        public void Fact() => Assert.Fail("This test is never run.");

        [Fact(Timeout = -1)]
        public void Fact_with_a_negative_limit() => Assert.Fail("This test is never run.");

        [Theory]
        [InlineData(1)]
        public void Theory(int value) => Assert.Fail($"This test is never run: {value}.");

        [Theory]
        [MemberData(nameof(Objects))]
        public void Theory_of_objects(object value) => Assert.Fail($"This test is never run: {value}.");
    }

    private sealed class Hanging
    {
        /// <summary>Ends the threads that the tests block.</summary>
        public static ManualResetEventSlim Release { get; } = new();

        public static TheoryData<object> Objects => [new object()];

        [Fact(Timeout = 1)]
        public async Task Never_completes() => await new TaskCompletionSource().Task;

        [Fact(Timeout = 1)]
        public void Blocks() => Release.Wait();

        [Theory(Timeout = 1)]
        [InlineData(Timeout.Infinite)]
        public void Blocks_in_a_row(int time) => Release.Wait(time);

        [Theory(Timeout = 1)]
        [MemberData(nameof(Objects))]
        public void Blocks_in_a_row_of_objects(object value)
        {
            Release.Wait();
            GC.KeepAlive(value);
        }
    }
#pragma warning restore xUnit1000
}
