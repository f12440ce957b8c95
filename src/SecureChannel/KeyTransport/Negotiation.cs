using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>What the client proposes, what the server makes of it, and whether that is one of the things proposed.</summary>
internal static class Negotiation
{
    private const int MaxNamesShown = 8;

    /// <summary>The client's request.</summary>
    /// <exception cref="ArgumentException">A parameter lies outside its bounds, or the provider has no suite.</exception>
    public static ClientRequest Propose(ClientHandshakeParameters parameters)
    {
        var suites = parameters.CipherSuites;
        if (suites.IsEmpty || !suites.All(suite => suite.IsKnown && parameters.Cryptography.Supports(suite.Aead)))
            throw new ArgumentException($"{parameters.Cryptography.Name} does not support the ciphers that are to be used.", nameof(parameters));
        return new ClientRequest(
            [HandshakeVersion.Version1],
            Random(parameters.Cryptography),
            suites,
            [KeyTransportAlgorithm.RsaOaepSha256],
            parameters.ServerName,
            [.. parameters.ApplicationProtocols.Select(name => new ApplicationProtocol(name))],
            IdleTimeoutNegotiation.ToMilliseconds(parameters.IdleTimeout));
    }

    /// <summary>The server's answer to a request.</summary>
    public static bool TryAnswer(
        ClientRequest request,
        ServerHandshakeParameters parameters,
        uint? longestIdleTimeout,
        [NotNullWhen(true)] out ServerCertificate? answer,
        [NotNullWhen(false)] out SessionError? error)
    {
        answer = null;
        var suite = request.Suites.FirstOrDefault(suite => suite.IsKnown && parameters.CipherSuites.Contains(suite) && parameters.Cryptography.Supports(suite.Aead));
        error = !request.Versions.Contains(HandshakeVersion.Version1)
            ? Incompatible(AlertDescription.ProtocolVersion, "The client speaks no version of this handshake that this server speaks.")
            : !suite.IsKnown ? Incompatible(AlertDescription.HandshakeFailure, $"None of the client's ciphers is supported by {parameters.Cryptography.Name}: {string.Join(", ", request.Suites.Take(MaxNamesShown).Select(item => item.Name))}.")
            : !request.KeyTransportAlgorithms.Contains(KeyTransportAlgorithm.RsaOaepSha256) ? Incompatible(AlertDescription.HandshakeFailure, "The client cannot encrypt to an RSA key with OAEP and SHA-256.")
            : request.IdleTimeout == 0 ? Illegal("The client proposes an idle timeout of 0.")
            : null;
        string[] offered = [.. request.ApplicationProtocols.Select(item => item.Name)];
        if (error is not null || !ApplicationProtocols.TryChoose(offered, parameters.ApplicationProtocols, out var protocol, out error))
            return false;

        answer = new ServerCertificate(
            HandshakeVersion.Version1,
            Random(parameters.Cryptography),
            suite,
            KeyTransportAlgorithm.RsaOaepSha256,
            protocol is null ? null : new ApplicationProtocol(protocol),
            IdleTimeoutNegotiation.Negotiate(request.IdleTimeout, longestIdleTimeout),
            [.. parameters.Identity.Chain.Select(der => new EncodedCertificate(der))]);
        return true;
    }

    /// <summary>Whether the server chose from what was proposed; null if it did.</summary>
    public static SessionError? Check(ServerCertificate answer, ClientRequest request) =>
        !request.Versions.Contains(answer.Version) ? Illegal("The server chose a version that was not offered.")
        : !request.Suites.Contains(answer.Suite) ? Illegal($"The server chose {answer.Suite.Name}, which was not offered.")
        : !request.KeyTransportAlgorithms.Contains(answer.KeyTransportAlgorithm) ? Illegal("The server chose a way to encrypt the key that was not offered.")
        : answer.ApplicationProtocol is { } protocol && !request.ApplicationProtocols.Contains(protocol) ? Illegal("The server chose an application protocol that was not offered.")
        : !IdleTimeoutNegotiation.IsLegal(answer.IdleTimeout, request.IdleTimeout) ? Illegal("The server settled on an idle timeout of 0, or above the proposal.")
        : null;

    /// <summary>What was agreed.</summary>
    public static NegotiatedSession Conclude(ServerCertificate answer) => new()
    {
        Handshake = KeyTransportProtocol.Instance.Name,
        ApplicationProtocol = answer.ApplicationProtocol?.Name,
        CipherSuite = answer.Suite,
        IdleTimeout = IdleTimeoutNegotiation.FromMilliseconds(answer.IdleTimeout),
    };

    private static byte[] Random(CryptographyProvider cryptography)
    {
        var random = new byte[32];
        cryptography.FillRandom(random);
        return random;
    }

    private static SessionError Illegal(string reason) => new(SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter, reason);

    private static SessionError Incompatible(AlertDescription alert, string reason) => new(SessionErrorKind.Incompatible, alert, reason);
}
