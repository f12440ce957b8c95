using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The secrets of one session, starting with the key agreement. Each stage of the key schedule is wiped after the next stage is derived.</summary>
/// <param name="derivation">The key schedule of the negotiated suite.</param>
/// <param name="log">Receives the secrets; null for no key log.</param>
internal sealed class SessionKeys(KeyDerivation derivation, KeyLog? log) : IDisposable
{
    // RFC 9846 section 4.7.3: "sending implementations MUST NOT allow the epoch ... to exceed 2^48-1".
    private const long MaxUpdates = (1L << 48) - 1;

    private HandshakeSecret _handshake;
    private MainSecret _main;
    private HandshakeTrafficSecret _clientHandshake;
    private HandshakeTrafficSecret _serverHandshake;
    private ApplicationTrafficSecret _client;
    private ApplicationTrafficSecret _server;
    private long _updates;

    /// <summary>Derives the handshake traffic secrets from the result of the key agreement.</summary>
    /// <param name="agreed">The result of the key agreement.</param>
    /// <param name="throughServerHello">The messages through the ServerHello.</param>
    /// <param name="early">The first stage with a pre-shared key; null for a full handshake.</param>
    public void EnterHandshake(SharedSecret agreed, in Transcript throughServerHello, PreSharedSecret? early = null)
    {
        _handshake = early?.Extract(derivation, agreed) ?? EarlySecret.WithoutPreSharedKey(derivation).Extract(derivation, agreed);
        _clientHandshake = _handshake.DeriveTraffic(Role.Client, throughServerHello);
        _serverHandshake = _handshake.DeriveTraffic(Role.Server, throughServerHello);
        log?.Write("CLIENT_HANDSHAKE_TRAFFIC_SECRET", _clientHandshake.Bytes);
        log?.Write("SERVER_HANDSHAKE_TRAFFIC_SECRET", _serverHandshake.Bytes);
    }

    /// <summary>
    /// Derives the application traffic secrets. Retains the handshake traffic secrets, which the client's Finished needs, and the last stage, from which
    /// <see cref="DeriveResumption"/> derives, until <see cref="LeaveHandshake"/>.
    /// </summary>
    /// <returns>The secret from which the application derives its own keys. The caller owns it.</returns>
    public ExporterSecret EnterApplication(in Transcript throughServerFinished)
    {
        _main = _handshake.Extract();
        _handshake.Dispose();
        _client = _main.DeriveTraffic(Role.Client, throughServerFinished);
        _server = _main.DeriveTraffic(Role.Server, throughServerFinished);
        var exporter = _main.DeriveExporter(throughServerFinished);
        try
        {
            log?.Write("CLIENT_TRAFFIC_SECRET_0", _client.Bytes);
            log?.Write("SERVER_TRAFFIC_SECRET_0", _server.Bytes);
            log?.Write("EXPORTER_SECRET", exporter.Bytes);
            return exporter;
        }
        catch
        {
            // The log is a callback of the application.
            exporter.Dispose();
            throw;
        }
    }

    /// <summary>Derives the secret from which the keys of tickets are derived. The caller owns it.</summary>
    public ResumptionSecret DeriveResumption(in Transcript throughClientFinished) => _main.DeriveResumption(throughClientFinished);

    /// <summary>Derives the traffic keys of one direction during the handshake.</summary>
    public TrafficKeys DeriveHandshakeKeys(Role sender) => Handshake(sender).DeriveKeys();

    /// <summary>Computes the content of the Finished message that a role sends.</summary>
    /// <returns>The length of the content, which is the length of the hash.</returns>
    public int ComputeVerifyData(Role sender, in Transcript before, Span<byte> verifyData) => Handshake(sender).ComputeVerifyData(before, verifyData);

    /// <summary>Derives the traffic keys of one direction after the handshake.</summary>
    public TrafficKeys DeriveApplicationKeys(Role sender) => (sender == Role.Client ? _client : _server).DeriveKeys();

    /// <summary>Derives the next generation of the keys for received data.</summary>
    public TrafficKeys UpdateReadKeys(Role sender) => Update(sender);

    /// <summary>Derives the next generation of the keys for sent data. Returns null if no more updates are allowed.</summary>
    public TrafficKeys? UpdateWriteKeys(Role sender) => _updates++ < MaxUpdates ? Update(sender) : null;

    /// <summary>Wipes the secrets that only the handshake needs.</summary>
    public void LeaveHandshake()
    {
        _main.Dispose();
        _clientHandshake.Dispose();
        _serverHandshake.Dispose();
        (_handshake, _main, _clientHandshake, _serverHandshake) = (default, default, default, default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake.Dispose();
        LeaveHandshake();
        _client.Dispose();
        _server.Dispose();
    }

    private HandshakeTrafficSecret Handshake(Role sender) => sender == Role.Client ? _clientHandshake : _serverHandshake;

    private TrafficKeys Update(Role sender)
    {
        if (sender == Role.Client)
            return (_client = _client.Next()).DeriveKeys();
        return (_server = _server.Next()).DeriveKeys();
    }
}
