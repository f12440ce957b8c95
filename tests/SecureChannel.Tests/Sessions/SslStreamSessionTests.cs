using System.Net.Security;
using System.Security.Authentication;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The negotiation of the idle timeout over SslStream, against a peer that is plain TLS.</summary>
public sealed class SslStreamSessionTests
{
    private static readonly string Security = SessionSecurity.SslStream.Name;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A frame has code, length and body. The body is an optional uint32: presence and value.
    [Theory]
    [InlineData(new byte[] { 2, 5, 1, 0, 0, 0, 0 }, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 2, 5, 1, 0, 1, 0xD4, 0xC1 }, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 2, 1, 0 }, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 2, 1, 2 }, SessionErrorCode.Malformed, AlertDescription.DecodeError)]
    [InlineData(new byte[] { 2, 6, 1, 0, 0, 0, 1, 0 }, SessionErrorCode.Malformed, AlertDescription.DecodeError)]
    [InlineData(new byte[] { 1, 5, 1, 0, 0, 0, 1 }, SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage)]
    [InlineData(new byte[] { 2, 63 }, SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError)]
    public async Task An_invalid_answer_of_the_server_fails_the_handshake(byte[] answer, SessionErrorCode code, AlertDescription alert)
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
        var proposal = new byte[7];
        await server.ReadExactlyAsync(proposal, Cancellation);
        Assert.Equal([1, 5, 1, 0x00, 0x01, 0xD4, 0xC0], proposal);

        await server.WriteAsync(answer, Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((code, alert), (failure.Error.Code, failure.Error.Alert));
    }

    [Theory]
    [InlineData(new byte[] { 1, 5, 1, 0, 0, 0, 0 }, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 2, 1, 0 }, SessionErrorCode.DifferentSecurity, AlertDescription.UnexpectedMessage)]
    [InlineData(new byte[] { 0xFF }, SessionErrorCode.DifferentSecurity, AlertDescription.DecodeError)]
    public async Task An_invalid_proposal_of_the_client_fails_the_handshake(byte[] proposal, SessionErrorCode code, AlertDescription alert)
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

        await client.WriteAsync(proposal, Cancellation);

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
        Assert.Equal(["IdleTimeoutProposal", "IdleTimeoutAnswer"], steps.Select(step => step.Message));
        Assert.Equal([true, false], steps.Select(step => step.Sent));
    }

    private static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
