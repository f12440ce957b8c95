using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>The negotiation of an application protocol, which both handshakes share.</summary>
public sealed class ApplicationProtocolTests
{
    public static TheoryData<string> Securities => ["Tls13", "KeyTransport"];

    [Theory, MemberData(nameof(Securities))]
    public void A_client_that_offers_no_protocol_is_refused_by_a_server_that_names_some(string security)
    {
        using var pair = Create(security, [], ["bank/1", "bank/2"]).Start().Run();
        AssertNoCommonProtocol(pair.Server, "The client offers no application protocol, but this server requires one of 'bank/1', 'bank/2'.");
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.NoApplicationProtocol), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Theory, MemberData(nameof(Securities))]
    public void A_server_that_selects_no_protocol_is_refused_by_a_client_that_offers_some(string security)
    {
        using var pair = Create(security, ["bank/1"], []).Start().Run();
        AssertNoCommonProtocol(pair.Client, "The server selected no application protocol, but this client requires one of 'bank/1'.");
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.NoApplicationProtocol), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    [Theory, MemberData(nameof(Securities))]
    public void Endpoints_that_do_not_require_a_protocol_accept_a_peer_without_one(string security)
    {
        using var server = Create(security, [], ["bank/1"], isRequired: false).Start().Run();
        Assert.True(server.IsEstablished);
        Assert.Null(server.Server.Engine.Negotiated!.ApplicationProtocol);
        using var client = Create(security, ["bank/1"], [], isRequired: false).Start().Run();
        Assert.True(client.IsEstablished);
        Assert.Null(client.Client.Engine.Negotiated!.ApplicationProtocol);
    }

    [Theory, MemberData(nameof(Securities))]
    public void Endpoints_with_different_protocols_fail_even_if_none_is_required(string security)
    {
        using var pair = Create(security, ["chat/1"], ["bank/1"], isRequired: false).Start().Run();
        AssertNoCommonProtocol(pair.Server, "The client supports 'chat/1'; the server supports 'bank/1'.");
    }

    [Theory, MemberData(nameof(Securities))]
    public void Endpoints_without_protocols_need_none(string security)
    {
        using var pair = Create(security, [], []).Start().Run();
        Assert.True(pair.IsEstablished);
    }

    [Theory]
    [InlineData("\u202Ebank", "'\\u{202E}bank'")]
    [InlineData("\u2066a\u2069\u200E\u200F\u061C", "'\\u{2066}a\\u{2069}\\u{200E}\\u{200F}\\u{61C}'")]
    [InlineData("a\r\nb\u0085\u2028\u2029\u001B[31m", "'a\\u{D}\\u{A}b\\u{85}\\u{2028}\\u{2029}\\u{1B}[31m'")]
    [InlineData("it's \\ \uE000\uFEFF\u00AD", "'it\\'s \\\\ \\u{E000}\\u{FEFF}\\u{AD}'")]
    [InlineData("b\u00E4nk \u4E2D \U0001F600", "'b\u00E4nk \u4E2D \U0001F600'")]
    public void Names_of_the_peer_are_printable_in_errors(string name, string shown)
    {
        foreach (var security in new[] { "Tls13", "KeyTransport" })
        {
            using var pair = Create(security, [name], ["bank/1"]).Start().Run();
            AssertNoCommonProtocol(pair.Server, $"The client supports {shown}; the server");
        }
    }

    [Fact]
    public void At_most_eight_names_of_the_peer_are_shown_and_each_is_shortened()
    {
        using var pair = Create("Tls13", [.. Enumerable.Range(0, 60).Select(n => new string('x', 250) + n)], ["bank/1"]).Start().Run();
        Assert.InRange(pair.Server.Error!.Message.Length, 900, 1300);
        Assert.Contains(", ...; the server", pair.Server.Error.Message, StringComparison.Ordinal);
    }

    private static EnginePair Create(string security, string[] client, string[] server, bool isRequired = true) => security == "Tls13"
        ? Tls13Ends.CreatePair(
            Tls13Ends.Client with { ApplicationProtocols = [.. client], RequireApplicationProtocol = isRequired },
            Tls13Ends.Server with { ApplicationProtocols = [.. server], RequireApplicationProtocol = isRequired })
        : KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { ApplicationProtocols = [.. client], RequireApplicationProtocol = isRequired },
            KeyTransportEnds.Server with { ApplicationProtocols = [.. server], RequireApplicationProtocol = isRequired });

    private static void AssertNoCommonProtocol(EngineEnd end, string text)
    {
        Assert.Equal(
            (SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol), (end.Error?.Kind, end.Error?.Code, end.Error?.Alert));
        Assert.Contains(text, end.Error!.Message, StringComparison.Ordinal);
    }
}
