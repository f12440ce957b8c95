using System.Collections.Concurrent;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>
/// The server role: a small broker, without sessions that outlive a connection, retained messages and authentication. Thread-safe.
/// </summary>
public sealed class Broker
{
    private readonly ConcurrentDictionary<string, BrokerConnection> _connections = new();

    /// <summary>How many clients are connected.</summary>
    public int Clients => _connections.Count;

    /// <summary>Serves one client until it disconnects.</summary>
    /// <param name="channel">The client's channel; the caller owns it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SessionException">The client has not kept to the protocol, was silent for too long, or its connection has failed.</exception>
    public async Task ServeAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await using var connection = new BrokerConnection(this, channel.TimeProvider, error => channel.AbortAsync(error));
        try
        {
            await connection.RunAsync(channel, cancellationToken);
        }
        finally
        {
            Leave(connection);
        }
    }

    /// <summary>Delivers to every client that has subscribed to the topic.</summary>
    internal void Deliver(Delivery published)
    {
        foreach (var connection in _connections.Values)
            connection.Deliver(published);
    }

    /// <summary>Section 3.1.4: whoever is connected by the same identifier has to go.</summary>
    internal async ValueTask EnterAsync(BrokerConnection connection)
    {
        while (!_connections.TryAdd(connection.ClientId, connection))
        {
            if (_connections.TryGetValue(connection.ClientId, out var earlier) && _connections.TryRemove(new(connection.ClientId, earlier)))
                await earlier.EndAsync(new SessionError(SessionErrorKind.LocalError, AlertDescription.UserCanceled, $"another client has connected as {connection.ClientId} (MQTT 3.1.1 section 3.1.4)"));
        }
    }

    private void Leave(BrokerConnection connection)
    {
        _connections.TryRemove(new(connection.ClientId, connection));
        if (connection.Will is { } will)
            Deliver(new Delivery(will.Topic, will.Payload, will.QualityOfService));
    }
}
