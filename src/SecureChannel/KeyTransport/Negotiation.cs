using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.KeyTransport;

/// <summary>The negotiation: the client's proposal, the server's answer, and the client's check of the answer.</summary>
internal static class Negotiation
{
    private const int MaxNamesShown = 8;

    /// <summary>Creates the client's request.</summary>
    /// <exception cref="ArgumentException">A parameter is outside its bounds, or the provider does not support a cipher suite.</exception>
    public static ClientRequest Propose(ClientHandshakeParameters parameters)
    {
        var suites = parameters.CipherSuites;
        if (suites.IsEmpty || !suites.All(suite => suite.IsKnown && parameters.Cryptography.Supports(suite.Aead)))
            throw new ArgumentException(
                $"{parameters.Cryptography.Name} does not support all cipher suites in the parameters. Remove the unsupported suites.", nameof(parameters));
        return new ClientRequest(
            [HandshakeVersion.Version1],
            Random(parameters.Cryptography),
            suites,
            [KeyTransportAlgorithm.RsaOaepSha256],
            parameters.ServerName,
            ProtocolNames.Of(parameters.ApplicationProtocols).Wire,
            parameters.Session.Encode());
    }

    /// <summary>Tries to create the server's answer to a request.</summary>
    /// <returns>True if the server can answer; otherwise, false.</returns>
    public static bool TryAnswer(
        ClientRequest request,
        ServerHandshakeParameters parameters,
        CertificateIdentity identity,
        [NotNullWhen(true)] out ServerCertificate? answer,
        [NotNullWhen(false)] out SessionError? error)
    {
        answer = null;
        var offered = new ProtocolNames(request.ApplicationProtocols);
        var suite = request.Suites.FirstOrDefault(suite => suite.IsKnown && parameters.CipherSuites.Contains(suite) && parameters.Cryptography.Supports(suite.Aead));
        error = !request.Versions.Contains(HandshakeVersion.Version1)
            ? Incompatible(SessionErrorCode.NoCommonVersion, AlertDescription.ProtocolVersion, "The client does not offer version 1 of the handshake. This server supports only version 1.")
            : !suite.IsKnown ? Incompatible(SessionErrorCode.NoCommonCipherSuite, AlertDescription.HandshakeFailure, $"The endpoints have no cipher suite in common. {parameters.Cryptography.Name} supports none of the client's suites: {string.Join(", ", request.Suites.Take(MaxNamesShown).Select(item => item.Name))}.")
            : !request.KeyTransportAlgorithms.Contains(KeyTransportAlgorithm.RsaOaepSha256) ? Incompatible(SessionErrorCode.NoCommonCipherSuite, AlertDescription.HandshakeFailure, "The client does not support RSA-OAEP with SHA-256, which this server requires.")
            : !offered.IsWellFormed(isText: true) ? new SessionError(
                SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError,
                "ClientRequest: a name in the list of application protocols is empty, incomplete or not UTF-8.")
            : null;
        if (error is not null
            || !ApplicationProtocols.TryChoose(offered, parameters.ApplicationProtocols, out var protocol, out error, parameters.RequireApplicationProtocol)
            || (error = SessionParameters.Validate(request.Parameters.Span)) is not null)
            return false;

        answer = new ServerCertificate(
            HandshakeVersion.Version1,
            Random(parameters.Cryptography),
            suite,
            KeyTransportAlgorithm.RsaOaepSha256,
            protocol is null ? null : new ApplicationProtocol(protocol),
            parameters.Session.Encode(),
            [.. identity.Chain.Select(der => new EncodedCertificate(der))]);
        return true;
    }

    /// <summary>Checks that the server selected from the client's proposals. Returns null if the selection is valid.</summary>
    public static SessionError? Check(ServerCertificate answer, ClientRequest request) =>
        !request.Versions.Contains(answer.Version) ? Illegal("The server selected a version that was not offered.")
        : !request.Suites.Contains(answer.Suite) ? Illegal($"The server selected {answer.Suite.Name}, which was not offered.")
        : !request.KeyTransportAlgorithms.Contains(answer.KeyTransportAlgorithm) ? Illegal("The server selected a key transport algorithm that was not offered.")
        : answer.ApplicationProtocol is { Name: var protocol } && !new ProtocolNames(request.ApplicationProtocols).Contains(protocol) ? Illegal("The server selected an application protocol that was not offered.")
        : null;

    /// <summary>Creates the negotiated parameters from the server's answer and the agreed session parameters.</summary>
    public static NegotiatedSession Conclude(ServerCertificate answer, AgreedParameters agreed) => new(agreed)
    {
        Handshake = KeyTransportProtocol.Instance.Name,
        ApplicationProtocol = answer.ApplicationProtocol?.Name,
        CipherSuite = answer.Suite,
    };

    private static byte[] Random(CryptographyProvider cryptography)
    {
        var random = new byte[32];
        cryptography.FillRandom(random);
        return random;
    }

    private static SessionError Illegal(string message) => new(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter, message);

    private static SessionError Incompatible(SessionErrorCode code, AlertDescription alert, string message) => new(SessionErrorKind.Incompatible, code, alert, message);
}
