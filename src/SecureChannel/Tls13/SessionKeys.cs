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

    // Without the key schedule, which all of them share: a session stores these fields.
    private ExtractedSecret? _handshake;
    private ExtractedSecret? _main;
    private TrafficSecret? _clientHandshake;
    private TrafficSecret? _serverHandshake;
    private TrafficSecret? _client;
    private TrafficSecret? _server;
    private long _updates;

    /// <summary>Derives the handshake traffic secrets from the result of the key agreement.</summary>
    /// <param name="agreed">The result of the key agreement.</param>
    /// <param name="throughServerHello">The messages through the ServerHello.</param>
    /// <param name="early">The first stage with a pre-shared key; null for a full handshake.</param>
    public void EnterHandshake(SharedSecret agreed, in Transcript throughServerHello, PreSharedSecret? early = null)
    {
        var stage = early?.Extract(derivation, agreed) ?? EarlySecret.WithoutPreSharedKey(derivation).Extract(derivation, agreed);
        _handshake = stage.Secret;
        _clientHandshake = stage.DeriveTraffic(Role.Client, throughServerHello).Secret;
        _serverHandshake = stage.DeriveTraffic(Role.Server, throughServerHello).Secret;
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
        var stage = new HandshakeSecret(derivation, _handshake!).Extract();
        _main = stage.Secret;
        _handshake!.Dispose();
        _client = stage.DeriveTraffic(Role.Client, throughServerFinished).Secret;
        _server = stage.DeriveTraffic(Role.Server, throughServerFinished).Secret;
        var exporter = stage.DeriveExporter(throughServerFinished);
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
    public ResumptionSecret DeriveResumption(in Transcript throughClientFinished) => new MainSecret(derivation, _main!).DeriveResumption(throughClientFinished);

    /// <summary>Derives the traffic keys of one direction during the handshake.</summary>
    public TrafficKeys DeriveHandshakeKeys(Role sender) => Handshake(sender).DeriveKeys();

    /// <summary>Computes the content of the Finished message that a role sends.</summary>
    /// <returns>The length of the content, which is the length of the hash.</returns>
    public int ComputeVerifyData(Role sender, in Transcript before, Span<byte> verifyData) => Handshake(sender).ComputeVerifyData(before, verifyData);

    /// <summary>Derives the traffic keys of one direction after the handshake.</summary>
    public TrafficKeys DeriveApplicationKeys(Role sender) => Application(sender).DeriveKeys();

    /// <summary>Derives the next generation of the keys for received data.</summary>
    public TrafficKeys UpdateReadKeys(Role sender) => Update(sender);

    /// <summary>Derives the next generation of the keys for sent data. Returns null if no more updates are allowed.</summary>
    public TrafficKeys? UpdateWriteKeys(Role sender) => _updates++ < MaxUpdates ? Update(sender) : null;

    /// <summary>Wipes the secrets that only the handshake needs.</summary>
    public void LeaveHandshake()
    {
        _main?.Dispose();
        _clientHandshake?.Dispose();
        _serverHandshake?.Dispose();
        (_handshake, _main, _clientHandshake, _serverHandshake) = (null, null, null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake?.Dispose();
        LeaveHandshake();
        _client?.Dispose();
        _server?.Dispose();
    }

    private HandshakeTrafficSecret Handshake(Role sender) => new(derivation, sender == Role.Client ? _clientHandshake! : _serverHandshake!);

    private ApplicationTrafficSecret Application(Role sender) => new(derivation, sender == Role.Client ? _client! : _server!);

    private TrafficKeys Update(Role sender)
    {
        var next = Application(sender).Next();
        if (sender == Role.Client)
            _client = next.Secret;
        else
            _server = next.Secret;
        return next.DeriveKeys();
    }
}
