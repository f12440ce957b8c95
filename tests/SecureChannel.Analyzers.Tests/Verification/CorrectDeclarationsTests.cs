using System.Globalization;
using Microsoft.CodeAnalysis;
using SecureChannel.Analyzers.Tests.Protocols;

namespace SecureChannel.Analyzers.Tests.Verification;

public sealed class CorrectDeclarationsTests
{
    public static TheoryData<string> Names => [.. CorrectDeclarations.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task No_rule_reports(string name) => DeclarationTest.CheckAsync(CorrectDeclarations.All[name]);

    [Fact]
    public async Task SCH2029_reports_that_key_transport_has_no_forward_secrecy()
    {
        var found = Assert.Single(await DeclarationTest.CheckAsync(
            CorrectDeclarations.All["the textbook's key transport"].Replace("[Established]", "[{|SCH2029:Established|}]", StringComparison.Ordinal), informs: true));
        Assert.Equal(DiagnosticSeverity.Info, found.Severity);
        Assert.EndsWith("without an ephemeral key of the client, so the session has no forward secrecy: 1. client in Start sends A, goes to Requested; 2. server in Requested sends B, goes to Delivering; 3. client in Delivering sends C, goes to Confirming; 4. client in Confirming sends D, goes to Acknowledging; 5. server in Acknowledging sends E, goes to Secured", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_rule_reports_TLS_even_with_information() =>
        Assert.Empty(await DeclarationTest.CheckAsync(CorrectDeclarations.All["TLS 1.3"], informs: true));
}
