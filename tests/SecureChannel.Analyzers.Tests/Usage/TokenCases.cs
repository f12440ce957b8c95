using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>
/// Method bodies that are compiled together against the library of protocols, with the expected diagnostics of a rule: the marks <c>{|error:...|}</c> and
/// <c>{|warning:...|}</c>.
/// </summary>
internal sealed partial class TokenCases<TRule>
    where TRule : DiagnosticAnalyzer, new()
{
    private const string Helpers = RuleTest.Usings + """
        public static class Helpers
        {
            public static BankClient.Ready Field;
            public static Task PassAsync(BankClient.Ready ready) => Task.CompletedTask;
            public static Task UseAsync([Consumes] BankClient.Ready ready) => Task.CompletedTask;
            public static void Look([Borrows] BankClient.Ready ready) { }
            public static void Peek(in BankClient.Ready ready) { }
            public static Task LookAsync([Borrows] BankClient.Ready ready) => Task.CompletedTask;
            public static Task<BankClient.Ready> OnAsync([Consumes] BankClient.Ready ready) => Task.FromResult(ready);
            public static Task<BankClient.Ready> ThisAsync([Consumes] this BankClient.Ready ready) => Task.FromResult(ready);
            public static Task<BankClient.Ready> OpenAsync([Consumes] MessageChannel channel) => Task.FromResult(default(BankClient.Ready));
            public static Task<BankClient.Ready> TryAsync(MessageChannel channel) => Task.FromResult(default(BankClient.Ready));
            public static ValueTask<(ulong Account, BankClient.Ready Ready)?> LogInAsync(MessageChannel channel) => default;
            public static Task<BankClient.Authenticating.Reply> ReplyAsync() => Task.FromResult<BankClient.Authenticating.Reply>(null!);
            public static Task<BankClient.Authenticating> AgainAsync() => Task.FromResult(default(BankClient.Authenticating));
            public static void Take(out BankClient.Ready ready) => ready = default;
            public static void Renew(ref BankClient.Ready ready) => ready = default;
            public static async Task BothAsync(ValueTask first, ValueTask second) { await first; await second; }
            public static async Task FinishAsync(ValueTask<BankClient.Ready> ready) => await (await ready).SendAsync(new Goodbye());
            public static ValueTask OtherAsync() => default;
            public static Task TalkAsync([Borrows] ChatClient.Talking.SendLane sending) => Task.CompletedTask;
            public static Task HearAsync(ReceiveLane<ChatClient.Talking.Incoming> receiving) => Task.CompletedTask;
            public static void Look(ReceiveLane<ChatClient.Talking.Incoming> receiving) { }
            public static Task LeaveAsync([Consumes] ChatClient.Talking.SendLane sending, [Consumes] ReceiveLane<ChatClient.Talking.Incoming> receiving) => Task.CompletedTask;
            public static Task RunAsync(ChatClient.Talking.SendLane sending, ReceiveLane<ChatClient.Talking.Incoming> receiving) => Task.CompletedTask;
            public static Task<(ChatClient.Talking.SendLane Sending, ReceiveLane<ChatClient.Talking.Incoming> Receiving)> MeetAsync(MessageChannel channel) =>
                Task.FromResult(default((ChatClient.Talking.SendLane, ReceiveLane<ChatClient.Talking.Incoming>)));
            public static Task<MessageChannel> DialAsync() => Task.FromResult<MessageChannel>(InMemoryChannel.CreatePair().Client);
        }

        """;

    private readonly Lazy<Task<Dictionary<string, (string Expected, string Actual)>>> _results;
    private readonly (string Name, string Source)[] _cases;

    public TokenCases(params (string Name, string Body)[] cases)
    {
        _cases = cases;
        _results = new(RunAsync);
    }

    public TheoryData<string> Names => [.. _cases.Select(entry => entry.Name)];

    public IEnumerable<string> Bodies => _cases.Select(entry => Unmark(entry.Source, 0, []));

    public async Task CheckAsync(string name)
    {
        var (expected, actual) = (await _results.Value)[name];
        Assert.Equal(expected, actual);
    }

    private async Task<Dictionary<string, (string Expected, string Actual)>> RunAsync()
    {
        var source = new StringBuilder(Helpers);
        var spans = new List<(string Name, TextSpan Span, string Expected)>();
        for (var index = 0; index < _cases.Length; index++)
        {
            var expected = new List<string>();
            source.Append(CultureInfo.InvariantCulture, $$"""

                public class Case{{index}}
                {
                    public async Task RunAsync(
                        MessageChannel channel, MessageChannel other, BankClient.Start start, BankClient.Authenticating authenticating, BankClient.Ready ready, BankClient.Answering answering,
                        BankServer.Handler handler, bool flag, int number, CancellationToken token, ChatClient.Talking talking, ChatClient.Talking.SendLane sending,
                        ReceiveLane<ChatClient.Talking.Incoming> receiving, UploadClient.Uploading uploading)
                    {
                        await Task.Yield();

                """);
            var from = source.Length;
            source.Append(Unmark(_cases[index].Source, from, expected));
            spans.Add((_cases[index].Name, TextSpan.FromBounds(from, source.Length), string.Join('\n', expected)));
            source.Append("\n    }\n}\n");
        }

        var found = await ReportAsync(source.ToString());
        return spans.ToDictionary(entry => entry.Name, entry => (entry.Expected, string.Join('\n', found.Where(diagnostic => entry.Span.Contains(diagnostic.Location.SourceSpan)).Select(Describe))));
    }

    private static string Unmark(string source, int offset, List<string> expected)
    {
        var text = new StringBuilder();
        var severity = "";
        var start = 0;
        foreach (Match part in Mark().Matches(source))
        {
            if (part.Groups["severity"] is { Success: true } opened)
                (severity, start) = (opened.Value, text.Length);
            else if (part.Value == "|}")
                expected.Add($"{severity} at {offset + start}: {text.ToString(start, text.Length - start)}");
            else
                text.Append(part.Value);
        }

        return text.ToString();
    }

    private static async Task<Diagnostic[]> ReportAsync(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14), "Cases.cs");
        var compilation = CSharpCompilation.Create("Cases", [tree], [.. BankLibrary.Platform, BankLibrary.Reference],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var reported = await compilation.WithAnalyzers([new TRule()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        // A case that does not compile would test nothing.
        return [.. reported.Concat(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.SourceSpan;
        var (what, text) = (diagnostic.Severity.ToString().ToLowerInvariant(), diagnostic.Location.SourceTree!.ToString().Substring(span.Start, span.Length));
        return diagnostic.Id.StartsWith("CS", StringComparison.Ordinal) ? $"does not compile: {diagnostic}" : $"{what} at {span.Start}: {text}";
    }

    [GeneratedRegex(@"\{\|(?<severity>error|warning):|\|\}|.|\n", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
