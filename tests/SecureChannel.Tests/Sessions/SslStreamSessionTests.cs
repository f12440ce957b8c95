using System.Net.Security;
using System.Security.Authentication;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The negotiation of the idle timeout over SslStream, against a peer that is plain TLS.</summary>
public sealed class SslStreamSessionTests
{
    private static readonly string Security = SessionSecurity.SslStream.Name;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A frame has code, length and body. The body has a constant, the version, two optional times (presence and value), and a limit.
    [Theory]
    [InlineData("03135365637572654368010100000000" + "0000100000", SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("030F5365637572654368000000" + "00100000", SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("030F5365637572654368010000" + "00000000", SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("030F5365637572654368010200" + "00100000", SessionErrorCode.Malformed, AlertDescription.DecodeError)]
    [InlineData("030F5365637572654369010000" + "00100000", SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError)]
    [InlineData("0300", SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError)]
    [InlineData("01050100000001", SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage)]
    [InlineData("037FFF", SessionErrorCode.DifferentSecurity, AlertDescription.GeneralError)]
    public async Task An_invalid_answer_of_the_server_fails_the_handshake(string answer, SessionErrorCode code, AlertDescription alert)
    {
        var connection = DuplexConnection.Create();
        await using var client = SecureSession.Create((Stream)connection.Client, SessionPair.ClientOptions(Security, idle: TimeSpan.FromMilliseconds(120_000)));
        await using var server = new SslStream(connection.Server);
        var shaking = client.HandshakeAsync(Cancellation);
        await server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = SessionPair.IdentityFor(SessionSecurity.SslStream).Certificate,
            EnabledSslProtocols = SslProtocols.Tls13,
        }, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        var proposal = new byte[21];
        await server.ReadExactlyAsync(proposal, Cancellation);
        // Code 3, 19 bytes: "SecureCh", version 1, an idle timeout of 120,000 ms, no keep-alive, messages of at most 1 MiB.
        Assert.Equal("0313" + "5365637572654368" + "01" + "010001D4C0" + "00" + "00100000", Convert.ToHexString(proposal));

        await server.WriteAsync(Convert.FromHexString(answer), Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((code, alert), (failure.Error.Code, failure.Error.Alert));
    }

    [Theory]
    [InlineData("03135365637572654368010100000000" + "0000100000", SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("020100", SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage)]
    [InlineData("FF", SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError)]
    public async Task An_invalid_proposal_of_the_client_fails_the_handshake(string proposal, SessionErrorCode code, AlertDescription alert)
    {
        var connection = DuplexConnection.Create();
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions(Security));
        await using var client = new SslStream(connection.Client);
        var shaking = server.HandshakeAsync(Cancellation);
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = SessionPair.ServerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);

        await client.WriteAsync(Convert.FromHexString(proposal), Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((code, alert), (failure.Error.Code, failure.Error.Alert));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(5, null, 5)]
    [InlineData(null, 7, 7)]
    [InlineData(5, 7, 5)]
    [InlineData(7, 5, 5)]
    public async Task The_smaller_idle_timeout_is_negotiated(int? proposed, int? own, int? agreed)
    {
        var client = SessionPair.ClientOptions(Security);
        var server = SessionPair.ServerOptions(Security);
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            new ClientOptions { Security = client.Security, Trust = client.Trust, ServerName = client.ServerName, IdleTimeout = Seconds(proposed) },
            new ServerOptions { Security = server.Security, Identity = server.Identity, IdleTimeout = Seconds(own) });

        Assert.Equal(Seconds(agreed), pair.Client.Negotiated!.IdleTimeout);
        Assert.Equal(Seconds(agreed), pair.Server.Negotiated!.IdleTimeout);
    }

    [Fact]
    public async Task The_observer_receives_the_progress()
    {
        var client = SessionPair.ClientOptions(Security);
        var steps = new List<HandshakeProgress>();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            new ClientOptions { Security = client.Security, Trust = client.Trust, ServerName = client.ServerName, HandshakeObserver = steps.Add },
            SessionPair.ServerOptions(Security));
        Assert.Equal(["SessionParametersMessage", "SessionParametersMessage"], steps.Select(step => step.Message));
        Assert.Equal([true, false], steps.Select(step => step.Sent));
    }

    private static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
