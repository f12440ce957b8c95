using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The secrets of one session, from the agreement on: each stage is wiped when the next one is reached.</summary>
/// <param name="derivation">Suite and cryptography.</param>
/// <param name="log">Takes the secrets, if that was demanded.</param>
internal sealed class SessionKeys(KeyDerivation derivation, KeyLog? log) : IDisposable
{
    // RFC 9846 section 4.7.3: "sending implementations MUST NOT allow the epoch ... to exceed 2^48-1".
    private const long MaxUpdates = (1L << 48) - 1;

    private HandshakeSecret _handshake;
    private HandshakeTrafficSecret _clientHandshake;
    private HandshakeTrafficSecret _serverHandshake;
    private ApplicationTrafficSecret _client;
    private ApplicationTrafficSecret _server;
    private long _updates;

    /// <summary>The keys of the handshake.</summary>
    public void EnterHandshake(SharedSecret agreed, in Transcript throughServerHello)
    {
        _handshake = EarlySecret.WithoutPreSharedKey(derivation).Extract(derivation, agreed);
        _clientHandshake = _handshake.DeriveTraffic(Role.Client, throughServerHello);
        _serverHandshake = _handshake.DeriveTraffic(Role.Server, throughServerHello);
        log?.Write("CLIENT_HANDSHAKE_TRAFFIC_SECRET", _clientHandshake.Bytes);
        log?.Write("SERVER_HANDSHAKE_TRAFFIC_SECRET", _serverHandshake.Bytes);
    }

    /// <summary>The keys of application data; those of the handshake are still there for the client's Finished.</summary>
    /// <returns>What the application derives keys of its own from; the caller owns it.</returns>
    public ExporterSecret EnterApplication(in Transcript throughServerFinished)
    {
        using var main = _handshake.Extract();
        _handshake.Dispose();
        _client = main.DeriveTraffic(Role.Client, throughServerFinished);
        _server = main.DeriveTraffic(Role.Server, throughServerFinished);
        var exporter = main.DeriveExporter(throughServerFinished);
        log?.Write("CLIENT_TRAFFIC_SECRET_0", _client.Bytes);
        log?.Write("SERVER_TRAFFIC_SECRET_0", _server.Bytes);
        log?.Write("EXPORTER_SECRET", exporter.Bytes);
        return exporter;
    }

    /// <summary>The keys of what one end sends during the handshake.</summary>
    public TrafficKeys DeriveHandshakeKeys(Role sender) => Handshake(sender).DeriveKeys();

    /// <summary>The content of one end's Finished.</summary>
    /// <returns>Its length: the hash's.</returns>
    public int ComputeVerifyData(Role sender, in Transcript before, Span<byte> verifyData) => Handshake(sender).ComputeVerifyData(before, verifyData);

    /// <summary>The keys of what one end sends after the handshake.</summary>
    public TrafficKeys DeriveApplicationKeys(Role sender) => (sender == Role.Client ? _client : _server).DeriveKeys();

    /// <summary>The next generation of the keys of what the peer sends.</summary>
    public TrafficKeys UpdateReadKeys(Role sender) => Update(sender);

    /// <summary>The next generation of the keys of what this end sends; null if there may be none.</summary>
    public TrafficKeys? UpdateWriteKeys(Role sender) => _updates++ < MaxUpdates ? Update(sender) : null;

    /// <summary>The handshake's secrets are of no more use.</summary>
    public void LeaveHandshake()
    {
        _clientHandshake.Dispose();
        _serverHandshake.Dispose();
        (_handshake, _clientHandshake, _serverHandshake) = (default, default, default);
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
