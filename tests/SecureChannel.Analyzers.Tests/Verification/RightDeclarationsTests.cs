using System.Globalization;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Tests.Verification;

public sealed class RightDeclarationsTests
{
    public static TheoryData<string> Names => [.. RightDeclarations.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Nothing_is_said_about(string name) => DeclarationTest.CheckAsync(RightDeclarations.All[name]);

    [Fact]
    public async Task The_textbooks_handshake_is_told_to_have_no_forward_secrecy()
    {
        var found = Assert.Single(await DeclarationTest.CheckAsync(
            RightDeclarations.All["the textbook's key transport"].Replace("[Established]", "[{|SCH2029:Established|}]", StringComparison.Ordinal), informs: true));
        Assert.Equal(DiagnosticSeverity.Info, found.Severity);
        Assert.EndsWith("without an ephemeral key of the client, so that its session has no forward secrecy: 1. client in Start sends A, goes to Requested; 2. server in Requested sends B, goes to Delivering; 3. client in Delivering sends C, goes to Confirming; 4. client in Confirming sends D, goes to Acknowledging; 5. server in Acknowledging sends E, goes to Secured", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_has_forward_secrecy_and_no_rule_has_a_word_to_say() =>
        Assert.Empty(await DeclarationTest.CheckAsync(RightDeclarations.All["TLS 1.3"], informs: true));
}
