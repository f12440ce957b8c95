using System.Globalization;

namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2026Tests
{
    [Theory]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Open)] Next, [{|SCH2026:Established|}] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] [Client<C>(Resumed)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open, [{|SCH2026:Established|}] Resumed }")]
    public Task Reports_a_path_without_authentication_of_the_server(string source) => DeclarationTest.CheckAsync(source);

    [Fact]
    public async Task Message_describes_the_path_without_authentication()
    {
        var found = Assert.Single(await DeclarationTest.CheckAsync(
            "[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Open)] Next, [{|SCH2026:Established|}] Open }"));
        Assert.EndsWith("1. client in Start sends A, goes to Next; 2. server in Next sends C, goes to Open", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
