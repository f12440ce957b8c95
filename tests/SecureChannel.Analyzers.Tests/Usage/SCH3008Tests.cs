using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3008Tests
{
    private static readonly TokenCases<SCH3008ProtocolBegunTwice> Flagged = new(
        ("twice", "_ = BankClient.Begin(channel); _ = BankClient.Begin({|error:channel|});"),
        ("other role", "_ = BankClient.Begin(channel); _ = BankServer.Begin({|error:channel|});"),
        ("chained", """_ = await BankClient.Begin(channel).SendAsync(new Login("a", "b")); _ = await BankClient.Begin({|error:channel|}).SendAsync(new Login("a", "b"));"""),
        ("alias", "var same = channel; _ = BankClient.Begin(same); _ = BankClient.Begin({|error:channel|});"),
        ("one branch", "if (flag) _ = BankClient.Begin(channel); _ = BankClient.Begin({|warning:channel|});"),
        ("both branches", "if (flag) _ = BankClient.Begin(channel); else _ = BankServer.Begin(channel); _ = BankClient.Begin({|error:channel|});"),
        ("one section", "switch (number) { case 1: _ = BankClient.Begin(channel); break; } _ = BankClient.Begin({|warning:channel|});"),
        ("loop", "while (flag) _ = BankClient.Begin({|warning:channel|});"),
        ("for loop", """for (var i = 0; i < 3; i++) { _ = await BankClient.Begin({|warning:channel|}).SendAsync(new Login("a", "b")); }"""),
        ("handler, then begin", "await handler.RunAsync(channel); _ = BankServer.Begin({|error:channel|});"),
        ("begin, then handler", "_ = BankServer.Begin(channel); await handler.RunAsync({|error:channel|});"),
        ("handler twice", "await handler.RunAsync(channel, token); await handler.RunAsync({|error:channel|}, token);"),
        ("method that consumes", "_ = await Helpers.OpenAsync(channel); _ = BankClient.Begin({|error:channel|});"),
        ("after a failed send", """try { _ = await BankClient.Begin(channel).SendAsync(new Login("a", "b")); } catch (IOException) { _ = BankClient.Begin({|warning:channel|}); }"""),
        ("in finally", "try { _ = BankClient.Begin(channel); Console.WriteLine(); } finally { _ = BankClient.Begin({|warning:channel|}); }"),
        ("new pair", "var (c, s) = InMemoryChannel.CreatePair(); _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|});"),
        ("element of a pair", "var pair = InMemoryChannel.CreatePair(); _ = BankClient.Begin(pair.Client); _ = BankClient.Begin({|error:pair.Client|});"),
        ("dialled", "var c = await Helpers.DialAsync(); _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|});"),
        ("using", "await using var c = await Helpers.DialAsync(); _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|});"),
        ("pattern", "object o = channel; if (o is InMemoryChannel c) { _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|}); }"),
        ("lambda", "Action<MessageChannel> f = c => { _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|}); }; f(channel);"),
        ("local function", "Local(channel); static void Local(MessageChannel c) { _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|}); }"),
        ("established parameter", "Local(channel); static void Local([InState(SessionState.Established)] MessageChannel c) { _ = BankClient.Begin(c); _ = BankClient.Begin({|error:c|}); }"),
        ("goto", "again: _ = BankClient.Begin({|warning:channel|}); if (flag) goto again;"));

    private static readonly TokenCases<SCH3008ProtocolBegunTwice> LeftAlone = new(
        ("once", "_ = BankClient.Begin(channel);"),
        ("two channels", "_ = BankClient.Begin(channel); _ = BankServer.Begin(other);"),
        ("each branch", "if (flag) _ = BankClient.Begin(channel); else _ = BankServer.Begin(channel);"),
        ("early return", "if (flag) { _ = BankClient.Begin(channel); return; } _ = BankClient.Begin(channel);"),
        ("a channel each turn", "while (flag) { var c = await Helpers.DialAsync(); _ = BankClient.Begin(c); }"),
        ("a variable anew", "_ = BankClient.Begin(channel); channel = other; _ = BankClient.Begin(channel);"),
        ("dialled anew", "var c = await Helpers.DialAsync(); _ = BankClient.Begin(c); c = await Helpers.DialAsync(); _ = BankClient.Begin(c);"),
        ("both ends", "var (c, s) = InMemoryChannel.CreatePair(); _ = BankClient.Begin(c); _ = BankServer.Begin(s);"),
        ("both ends by name", "var pair = InMemoryChannel.CreatePair(); _ = BankClient.Begin(pair.Client); _ = BankServer.Begin(pair.Server);"),
        ("two pairs", "var (a, _) = InMemoryChannel.CreatePair(); var (b, _) = InMemoryChannel.CreatePair(); _ = BankClient.Begin(a); _ = BankClient.Begin(b);"),
        ("handler alone", "await handler.RunAsync(channel);"),
        ("handler on each", "await handler.RunAsync(channel); await handler.RunAsync(other);"),
        ("method without attributes", "_ = await Helpers.TryAsync(channel); _ = BankClient.Begin(channel);"),
        ("begun, then given on", "_ = BankClient.Begin(channel); _ = await Helpers.TryAsync(channel);"),
        ("begin failed", "try { _ = BankClient.Begin(channel); } catch (InvalidOperationException) { _ = BankServer.Begin(channel); }"),
        ("lambda of its own", "Action<MessageChannel> f = c => _ = BankClient.Begin(c); f(channel); f(other);"),
        ("captured", "Action f = () => _ = BankClient.Begin(channel); f(); channel = other; _ = BankClient.Begin(channel);"),
        ("retry with a new one", """while (true) { try { var c = await Helpers.DialAsync(); _ = await BankClient.Begin(c).SendAsync(new Login("a", "b")); break; } catch (IOException) { } }"""),
        ("break", "while (flag) { _ = BankClient.Begin(channel); break; }"),
        ("throw", "if (flag) { _ = BankClient.Begin(channel); throw new IOException(); } _ = BankClient.Begin(channel);"),
        ("other members", "_ = BankClient.Begin(channel); await channel.CloseAsync(); Console.WriteLine(channel.ApplicationProtocol); await channel.DisposeAsync();"),
        ("either of two", "_ = BankClient.Begin(flag ? channel : other);"));

    public static TheoryData<string> FlaggedNames => Flagged.Names;

    public static TheoryData<string> LeftAloneNames => LeftAlone.Names;

    [Theory]
    [MemberData(nameof(FlaggedNames))]
    public Task Reports_misuse(string name) => Flagged.CheckAsync(name);

    [Theory]
    [MemberData(nameof(LeftAloneNames))]
    public Task Does_not_report_correct_use(string name) => LeftAlone.CheckAsync(name);
}
