using System.Collections.Concurrent;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>The server role: a small broker without persistent sessions, retained messages and authentication. Thread-safe.</summary>
public sealed class Broker
{
    private readonly ConcurrentDictionary<string, BrokerConnection> _connections = new();

    /// <summary>Gets the number of connected clients.</summary>
    public int ClientCount => _connections.Count;

    /// <summary>Serves one client until it disconnects.</summary>
    /// <param name="channel">The channel to the client. The caller disposes it.</param>
    /// <param name="cancellationToken">A token that ends the connection.</param>
    /// <exception cref="SessionException">The client violated the protocol or its keep-alive, or the connection failed.</exception>
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
            Remove(connection);
        }
    }

    /// <summary>Delivers a message to every client with a matching subscription.</summary>
    internal void Publish(Delivery message)
    {
        foreach (var connection in _connections.Values)
            connection.Deliver(message);
    }

    /// <summary>Adds a connection. Section 3.1.4: a connection with the same client identifier is closed.</summary>
    internal async ValueTask AddAsync(BrokerConnection connection)
    {
        while (!_connections.TryAdd(connection.ClientId, connection))
        {
            if (_connections.TryGetValue(connection.ClientId, out var earlier) && _connections.TryRemove(new(connection.ClientId, earlier)))
            {
                var reason = $"another client connected with the identifier '{connection.ClientId}' (MQTT 3.1.1 section 3.1.4)";
                await earlier.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, reason));
            }
        }
    }

    private void Remove(BrokerConnection connection)
    {
        _connections.TryRemove(new(connection.ClientId, connection));
        if (connection.Will is { } will)
            Publish(new Delivery(will.Topic, will.Payload, will.QualityOfService));
    }
}
