using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

public sealed class SCH3001Tests
{
    [Theory]
    [InlineData("send right after create", "var s = Session.Create(); await {|error:s.SendAsync|}();")]
    [InlineData("property", "var s = Session.Create(); var p = {|error:s.Peer|};")]
    [InlineData("parameter that was only created", "await {|error:fresh.SendAsync|}();")]
    [InlineData("handshake not awaited", "var s = Session.Create(); _ = s.HandshakeAsync(); await {|error:s.SendAsync|}();")]
    [InlineData("handshake awaited too late", "var s = Session.Create(); var t = s.HandshakeAsync(); await {|error:s.SendAsync|}(); await t;")]
    [InlineData("one branch only", "var s = Session.Create(); if (flag) await s.HandshakeAsync(); await {|warning:s.SendAsync|}();")]
    [InlineData("one case only", "var s = Session.Create(); switch (number) { case 1: await s.HandshakeAsync(); break; } await {|warning:s.SendAsync|}();")]
    [InlineData("loop that may not run", "var s = Session.Create(); while (flag) { await s.HandshakeAsync(); flag = false; } await {|warning:s.SendAsync|}();")]
    [InlineData("send first in a loop", "var s = Session.Create(); while (flag) { await {|warning:s.SendAsync|}(); await s.HandshakeAsync(); }")]
    [InlineData("send in catch", "var s = Session.Create(); try { await s.HandshakeAsync(); } catch (IOException) { await {|error:s.SendAsync|}(); }")]
    [InlineData("send in finally", "var s = Session.Create(); try { await s.HandshakeAsync(); } finally { {|warning:s.Send|}(); }")]
    [InlineData("send after a swallowed failure", "var s = Session.Create(); try { await s.HandshakeAsync(); } catch (IOException) { } await {|warning:s.SendAsync|}();")]
    [InlineData("alias", "var s = Session.Create(); var a = s; await {|error:a.SendAsync|}();")]
    [InlineData("reassigned", "var s = await Session.ConnectAsync(); s = Session.Create(); await {|error:s.SendAsync|}();")]
    [InlineData("conditional expression", "var s = flag ? Session.Create() : await Session.ConnectAsync(); await {|warning:s.SendAsync|}();")]
    [InlineData("both arms of a conditional expression", "var s = flag ? Session.Create() : Session.Create(); await {|error:s.SendAsync|}();")]
    [InlineData("null-conditional call", "Session? s = Session.Create(); s?{|error:.Send|}();")]
    [InlineData("await using", "await using var s = Session.Create(); await {|error:s.SendAsync|}();")]
    [InlineData("using block", "using (var s = Session.Create()) { {|error:s.Send|}(); }")]
    [InlineData("pattern", "object o = Session.Create(); if (o is Session s) await {|error:s.SendAsync|}();")]
    [InlineData("annotated argument", "var s = Session.Create(); Helpers.Serve({|error:s|});")]
    [InlineData("inside a lambda", "Func<Task> f = async () => { var s = Session.Create(); await {|error:s.SendAsync|}(); }; await f();")]
    [InlineData("inside a local function", "await Local(); async Task Local() { var s = Session.Create(); await {|error:s.SendAsync|}(); }")]
    [InlineData("parameter of a local function", "Local(fresh); void Local([InState(SessionState.Created)] Session s) => {|error:s.Send|}();")]
    [InlineData("lambda that only sends changes nothing", "var s = Session.Create(); Action f = () => s.Send(); await {|error:s.SendAsync|}();")]
    [InlineData("no variable", "await {|error:Session.Create().SendAsync|}();")]
    [InlineData("the other session was established", "var a = Session.Create(); var b = Session.Create(); await a.HandshakeAsync(); await {|error:b.SendAsync|}();")]
    [InlineData("goto around the handshake", "var s = Session.Create(); if (flag) goto send; await s.HandshakeAsync(); send: await {|warning:s.SendAsync|}();")]
    [InlineData("short circuit", "var s = Session.Create(); _ = flag && s.IsOpen && {|error:s.Peer|} != null;")]
    [InlineData("switch expression", "var s = number switch { 0 => Session.Create(), _ => await Session.ConnectAsync() }; await {|warning:s.SendAsync|}();")]
    [InlineData("override", "Session s = Session.Create(); if (s is SpecialSession special) await {|error:special.SendAsync|}();")]
    [InlineData("implementation of an interface", "var c = new Channel(); {|error:c.Push|}();")]
    [InlineData("each iteration creates a new one", "for (var i = 0; i < 3; i++) { var s = Session.Create(); await {|error:s.SendAsync|}(); await s.HandshakeAsync(); }")]
    [InlineData("when all without the session's task", "var s = Session.Create(); var t = s.HandshakeAsync(); await Task.WhenAll(Task.Delay(0)); await {|error:s.SendAsync|}();")]
    public Task Reports_a_session_before_it_is_established(string name, string statements)
    {
        Assert.NotEmpty(name);
        return SessionCases.CheckAsync(statements);
    }

    [Theory]
    [InlineData("handshake first", "var s = Session.Create(); await s.HandshakeAsync(); await s.SendAsync(); var p = s.Peer;")]
    [InlineData("connect", "await using var s = await Session.ConnectAsync(); await s.SendAsync();")]
    [InlineData("connect through a task", "var t = Session.ConnectAsync(); var s = await t; await s.SendAsync();")]
    [InlineData("value task of a helper", "var s = await Helpers.DialAsync().ConfigureAwait(false); await s.SendAsync();")]
    [InlineData("unknown parameter", "await unknown.SendAsync();")]
    [InlineData("established parameter", "await given.SendAsync();")]
    [InlineData("field", "_field = Session.Create(); await _field.SendAsync();")]
    [InlineData("unannotated constructor", "var s = new Session(); await s.SendAsync();")]
    [InlineData("both branches", "var s = Session.Create(); if (flag) await s.HandshakeAsync(); else s.Handshake(); await s.SendAsync();")]
    [InlineData("the other branch returns", "var s = Session.Create(); if (!flag) return; await s.HandshakeAsync(); await s.SendAsync();")]
    [InlineData("task in a local", "var s = Session.Create(); var t = s.HandshakeAsync(); await Task.Yield(); await t; await s.SendAsync();")]
    [InlineData("configure await", "var s = Session.Create(); await s.HandshakeAsync().ConfigureAwait(false); await s.SendAsync();")]
    [InlineData("get result", "var s = Session.Create(); s.HandshakeAsync().GetAwaiter().GetResult(); s.Send();")]
    [InlineData("wait", "var s = Session.Create(); s.HandshakeAsync().Wait(); s.Send();")]
    [InlineData("result", "var s = Session.ConnectAsync().Result; s.Send();")]
    [InlineData("as task", "var s = Session.Create(); await s.HandshakeQuicklyAsync().AsTask(); s.Send();")]
    [InlineData("when all", "var a = Session.Create(); var b = Session.Create(); await Task.WhenAll(a.HandshakeAsync(), b.HandshakeAsync()); a.Send(); b.Send();")]
    [InlineData("when all of an array", "var s = Session.Create(); var t = s.HandshakeAsync(); await Task.WhenAll(new[] { t, Task.CompletedTask }); s.Send();")]
    [InlineData("alias established", "var s = Session.Create(); var a = s; await a.HandshakeAsync(); await s.SendAsync();")]
    [InlineData("do loop", "var s = Session.Create(); do { await s.HandshakeAsync(); } while (flag); await s.SendAsync();")]
    [InlineData("retry until it works", "var s = Session.Create(); while (true) { try { await s.HandshakeAsync(); break; } catch (IOException) { } } await s.SendAsync();")]
    [InlineData("after try with finally", "var s = Session.Create(); try { await s.HandshakeAsync(); } finally { await s.CloseAsync(); } await s.SendAsync();")]
    [InlineData("catch that throws", "var s = Session.Create(); try { await s.HandshakeAsync(); } catch { throw; } await s.SendAsync();")]
    [InlineData("catch that returns", "var s = Session.Create(); try { await s.HandshakeAsync(); } catch (Exception) { return; } finally { s.Dispose(); } await s.SendAsync();")]
    [InlineData("reassigned to an established one", "var s = Session.Create(); s = await Session.ConnectAsync(); await s.SendAsync();")]
    [InlineData("conditional expression of established ones", "var s = flag ? given : await Session.ConnectAsync(); await s.SendAsync();")]
    [InlineData("conditional expression, then handshake", "var s = flag ? Session.Create() : Session.Create(); await s.HandshakeAsync(); await s.SendAsync();")]
    [InlineData("null first, then made and established", "Session? s = null; try { s = Session.Create(); await s.HandshakeAsync(); s.Send(); } finally { if (s != null) await s.DisposeAsync(); }")]
    [InlineData("made if missing", "Session? s = flag ? await Session.ConnectAsync() : null; if (s is null) { s = Session.Create(); await s.HandshakeAsync(); } await s.SendAsync();")]
    [InlineData("coalescing assignment", "Session? s = null; s ??= Session.Create(); await s.HandshakeAsync(); await s.SendAsync();")]
    [InlineData("helper that ensures", "var s = Session.Create(); await Helpers.OpenAsync(s); Helpers.Serve(s);")]
    [InlineData("helper without attributes", "var s = Session.Create(); await Helpers.UnknownAsync(s); await s.SendAsync();")]
    [InlineData("ref", "var s = Session.Create(); Helpers.Swap(ref s); await s.SendAsync();")]
    [InlineData("out", "var s = Session.Create(); Helpers.Make(out s); await s.SendAsync();")]
    [InlineData("out of a new variable", "Helpers.Make(out var s); await s.SendAsync();")]
    [InlineData("lambda establishes", "var s = Session.Create(); await Task.Run(async () => await s.HandshakeAsync()); await s.SendAsync();")]
    [InlineData("local function establishes", "var s = Session.Create(); await Open(); await s.SendAsync(); Task Open() => s.HandshakeAsync();")]
    [InlineData("captured in a lambda", "var s = Session.Create(); Func<Task> f = async () => await s.SendAsync(); await s.HandshakeAsync(); await f();")]
    [InlineData("lambda inside try", "var s = Session.Create(); try { Action f = () => Console.WriteLine(flag ? 1 : throw new IOException()); f(); await s.HandshakeAsync(); } finally { s.Dispose(); } await s.SendAsync();")]
    [InlineData("added to a list", "var s = Session.Create(); var l = new List<Session> { s }; await s.SendAsync();")]
    [InlineData("stored in a field", "var s = Session.Create(); _field = s; await s.SendAsync();")]
    [InlineData("deconstructed", "var (s, n) = (Session.Create(), 1); await s.SendAsync();")]
    [InlineData("members without requirements", "var s = Session.Create(); if (s.IsOpen) await s.CloseAsync(); _ = s?.IsOpen; Console.WriteLine(nameof(s.Peer)); await s.DisposeAsync();")]
    [InlineData("method group", "var s = Session.Create(); Func<Task> f = s.HandshakeAsync; await f(); await s.SendAsync();")]
    [InlineData("unreachable", "var s = Session.Create(); return; await s.SendAsync();")]
    [InlineData("pattern then handshake", "object o = Session.Create(); if (o is Session { IsOpen: true } s) { await s.HandshakeAsync(); await s.SendAsync(); }")]
    [InlineData("override establishes", "Session s = Session.Create(); if (s is SpecialSession special) { await special.HandshakeAsync(); await special.SendAsync(); }")]
    [InlineData("implementation of an interface establishes", "var c = new Channel(); c.Open(); c.Push();")]
    [InlineData("created in one iteration, used in the next", "Session? last = null; while (flag) { last?.Send(); var s = Session.Create(); await s.HandshakeAsync(); last = s; }")]
    [InlineData("handshake in a task that is passed on", "var s = Session.Create(); await Task.WhenAny(s.HandshakeAsync(), Task.Delay(1)); await s.SendAsync();")]
    public Task Does_not_report_an_established_session_or_an_unknown_state(string name, string statements)
    {
        Assert.NotEmpty(name);
        return SessionCases.CheckAsync(statements);
    }

    [Theory]
    [InlineData("await using var s = SecureSession.Create(stream, options); await {|error:s.FlushAsync|}();")]
    [InlineData("var s = SecureSession.Create(stream, options); var m = await {|error:s.ReceiveAsync|}();")]
    [InlineData("var s = SecureSession.Create(stream, options); using var plain = {|error:s.AsStream|}();")]
    [InlineData("var s = SecureSession.Create(stream, options); {|error:s.ExportKeyingMaterial|}(\"label\", default, new byte[32]);")]
    [InlineData("var s = SecureSession.Create(stream, options); _ = s.HandshakeAsync(); await {|error:s.FlushAsync|}();")]
    [InlineData("var s = SecureSession.Create(stream, options); if (flag) await s.HandshakeAsync(); await {|warning:s.FlushAsync|}();")]
    [InlineData("var s = SecureSession.Create(stream, options); try { await s.HandshakeAsync(); } catch (IOException) { } await {|warning:s.FlushAsync|}();")]
    [InlineData("MessageChannel s = SecureSession.Create(stream, options); await {|error:s.FlushAsync|}();")]
    [InlineData("var s = flag ? SecureSession.Create(stream, options) : await SecureSession.ConnectAsync(\"host\", 1, options); await {|warning:s.FlushAsync|}();")]
    public Task Reports_members_of_SecureSession(string statements) => CheckSecureSessionAsync(statements);

    [Theory]
    [InlineData("await using var s = SecureSession.Create(stream, options); await s.HandshakeAsync(); await s.FlushAsync();")]
    [InlineData("await using var s = await SecureSession.ConnectAsync(\"host\", 1, options); await s.FlushAsync(); _ = await s.ReceiveAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); var t = s.HandshakeAsync(); await t.ConfigureAwait(false); using var plain = s.AsStream();")]
    [InlineData("await using var s = await listener.AcceptAsync(); await s.FlushAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); var c = SecureSession.Create(stream, options); await Task.WhenAll(s.HandshakeAsync(), c.HandshakeAsync()); await s.FlushAsync(); await c.FlushAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); _ = s.Negotiated; _ = s.Role; await s.CloseAsync(); await s.DisposeAsync();")]
    public Task Does_not_report_members_of_an_established_SecureSession(string statements) => CheckSecureSessionAsync(statements);

    private static Task CheckSecureSessionAsync(string statements) => RuleTest.CheckAsync<SCH3001UsedBeforeEstablished>(UsageDiagnostics.UsedBeforeEstablished.Id, $$"""
        public static class Case
        {
            public static async Task RunAsync(Stream stream, ClientOptions options, SecureListener listener, bool flag)
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """);
}
