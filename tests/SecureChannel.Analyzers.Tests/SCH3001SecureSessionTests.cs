namespace SecureChannel.Analyzers.Tests;

/// <summary>SCH3001 on SecureSession itself: that its members carry the facts.</summary>
public sealed class SCH3001SecureSessionTests
{
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
    public Task Flags(string statements) => CheckAsync(statements);

    [Theory]
    [InlineData("await using var s = SecureSession.Create(stream, options); await s.HandshakeAsync(); await s.FlushAsync();")]
    [InlineData("await using var s = await SecureSession.ConnectAsync(\"host\", 1, options); await s.FlushAsync(); _ = await s.ReceiveAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); var t = s.HandshakeAsync(); await t.ConfigureAwait(false); using var plain = s.AsStream();")]
    [InlineData("await using var s = await listener.AcceptAsync(); await s.FlushAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); var c = SecureSession.Create(stream, options); await Task.WhenAll(s.HandshakeAsync(), c.HandshakeAsync()); await s.FlushAsync(); await c.FlushAsync();")]
    [InlineData("var s = SecureSession.Create(stream, options); _ = s.Negotiated; _ = s.Role; await s.CloseAsync(); await s.DisposeAsync();")]
    public Task Leaves_alone(string statements) => CheckAsync(statements);

    private static Task CheckAsync(string statements) => RuleTest.CheckAsync<SCH3001SendBeforeEstablished>(SCH3001SendBeforeEstablished.Id, $$"""
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
