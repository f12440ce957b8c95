namespace SecureChannel.Analyzers.Tests;

public sealed class SCH3001FlagsTests
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
    [InlineData("each turn makes a new one", "for (var i = 0; i < 3; i++) { var s = Session.Create(); await {|error:s.SendAsync|}(); await s.HandshakeAsync(); }")]
    [InlineData("when all without the session's task", "var s = Session.Create(); var t = s.HandshakeAsync(); await Task.WhenAll(Task.Delay(0)); await {|error:s.SendAsync|}();")]
    public Task Flags(string name, string statements)
    {
        Assert.NotEmpty(name);
        return SendBeforeEstablished.CheckBodyAsync(statements);
    }
}
