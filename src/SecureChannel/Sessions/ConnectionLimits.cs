using System.Runtime.InteropServices;

namespace SecureChannel;

/// <summary>The result of a request to admit a connection.</summary>
internal enum Admission
{
    /// <summary>The connection is admitted.</summary>
    Admitted,

    /// <summary>The connection is refused. Its <see cref="ListenerConnection.Rejection"/> has the reason.</summary>
    Refused,

    /// <summary>All handshakes are in progress. Try again when one of them completes, or at <see cref="ConnectionLimits.NextEviction"/>.</summary>
    Full,
}

/// <summary>The load of a listener.</summary>
internal enum ListenerLoad
{
    /// <summary>The number of handshakes is below the limit.</summary>
    Normal,

    /// <summary>The number of handshakes has reached the limit, and has not dropped below half of it since. The handshake timeout is shortened.</summary>
    Overloaded,
}

/// <summary>
/// The limits of a listener: the number of sessions, of handshakes, and of handshakes for each address. At a limit, the connection that waited longest without
/// a complete ClientHello is evicted. This type performs no I/O and has no clock. Thread-safe.
/// </summary>
/// <param name="options">The options with the limits.</param>
internal sealed class ConnectionLimits(ServerOptions options)
{
    /// <summary>
    /// The time within which a connection is not evicted. The ClientHello of a client that waited in the backlog is usually received at once. The time is
    /// short, because it limits how fast a listener gets rid of a backlog of silent connections.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly LinkedList<ListenerConnection> _pending = new();
    private readonly Dictionary<AddressPrefix, int> _handshakesPerAddress = [];
    private int _sessions;
    private ListenerLoad _load;

    public ListenerLoad Load
    {
        get
        {
            lock (_gate)
                return _load;
        }
    }

    /// <summary>Gets the time at which the next connection can be evicted, or null if no connection waits for its ClientHello.</summary>
    public TimeSpan? NextEviction
    {
        get
        {
            lock (_gate)
                return FindOldest(source: null)?.AdmittedAt + Grace;
        }
    }

    /// <summary>Gets the handshake timeout of an overloaded listener.</summary>
    public static TimeSpan ShortenedTimeout(ServerOptions options) => options.HandshakeTimeout / 4;

    /// <summary>Admits a connection if the limits allow it, after the eviction of another one if necessary.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The current time.</param>
    /// <param name="evicted">The connection that was evicted, or null. The caller aborts it.</param>
    public Admission TryAdmit(ListenerConnection connection, TimeSpan now, out ListenerConnection? evicted)
    {
        lock (_gate)
        {
            evicted = null;
            if (_pending.Count >= options.MaxPendingHandshakes)
                _load = ListenerLoad.Overloaded;
            if (IsAddressAtLimit(connection.Source))
            {
                if (!TryEvict(connection.Source, ConnectionRejection.MaxHandshakesPerAddress, now, out evicted))
                    return Refuse(connection, ConnectionRejection.MaxHandshakesPerAddress);
            }
            else if (_sessions >= options.MaxSessions)
            {
                if (!TryEvict(source: null, ConnectionRejection.Evicted, now, out evicted))
                    return Refuse(connection, ConnectionRejection.MaxSessions);
            }
            else if (_pending.Count >= options.MaxPendingHandshakes && !TryEvict(source: null, ConnectionRejection.Evicted, now, out evicted))
            {
                return Admission.Full;
            }
            Add(connection, now);
            return Admission.Admitted;
        }
    }

    /// <summary>Advances a connection to a later phase. Does nothing if it has reached the phase already.</summary>
    /// <returns>False if the connection has ended.</returns>
    public bool Advance(ListenerConnection connection, ConnectionPhase next)
    {
        lock (_gate)
        {
            if (connection.Phase == ConnectionPhase.Ended)
                return false;
            if (next <= connection.Phase)
                return true;
            if (next >= ConnectionPhase.Established && connection.IsPending)
                RemovePending(connection);
            if (next == ConnectionPhase.Ended)
                _sessions--;
            connection.Phase = next;
            return true;
        }
    }

    /// <summary>Rejects the connections whose time is over.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="expired">Receives the rejected connections. The caller aborts them.</param>
    /// <returns>The time of the next call, or null if no connection waits.</returns>
    public TimeSpan? Expire(TimeSpan now, List<ListenerConnection> expired)
    {
        lock (_gate)
        {
            TimeSpan? next = null;
            for (var node = _pending.First; node is not null;)
            {
                var connection = node.Value;
                node = node.Next;
                if (DeadlineOf(connection) is not (var deadline, var rejection))
                    continue;
                if (deadline > now)
                {
                    next = next < deadline ? next : deadline;
                    continue;
                }
                Reject(connection, rejection);
                expired.Add(connection);
            }
            return next;
        }
    }

    private (TimeSpan Deadline, ConnectionRejection Rejection)? DeadlineOf(ListenerConnection connection)
    {
        var isSilent = connection.Phase == ConnectionPhase.AwaitingFirstByte;
        if (_load == ListenerLoad.Overloaded && !(isSilent && options.FirstByteTimeout <= ShortenedTimeout(options)))
            return (connection.AdmittedAt + ShortenedTimeout(options), ConnectionRejection.ShortenedTimeout);
        return isSilent ? (connection.AdmittedAt + options.FirstByteTimeout, ConnectionRejection.FirstByteTimeout) : null;
    }

    private bool IsAddressAtLimit(AddressPrefix? source) =>
        source is { } prefix && _handshakesPerAddress.GetValueOrDefault(prefix) >= options.MaxHandshakesPerAddress;

    private static Admission Refuse(ListenerConnection connection, ConnectionRejection rejection)
    {
        (connection.Rejection, connection.Phase) = (rejection, ConnectionPhase.Ended);
        return Admission.Refused;
    }

    private bool TryEvict(AddressPrefix? source, ConnectionRejection rejection, TimeSpan now, out ListenerConnection? evicted)
    {
        evicted = FindOldest(source) is { } oldest && now - oldest.AdmittedAt >= Grace ? oldest : null;
        if (evicted is null)
            return false;
        Reject(evicted, rejection);
        return true;
    }

    // The list is in the order of admission.
    private ListenerConnection? FindOldest(AddressPrefix? source)
    {
        foreach (var connection in _pending)
        {
            if (connection.IsAwaitingClientHello && (source is null || connection.Source == source))
                return connection;
        }
        return null;
    }

    private void Add(ListenerConnection connection, TimeSpan now)
    {
        connection.AdmittedAt = now;
        connection.Node = _pending.AddLast(connection);
        _sessions++;
        if (connection.Source is { } source)
            CollectionsMarshal.GetValueRefOrAddDefault(_handshakesPerAddress, source, out _)++;
    }

    private void Reject(ListenerConnection connection, ConnectionRejection rejection)
    {
        connection.Rejection = rejection;
        RemovePending(connection);
        _sessions--;
        connection.Phase = ConnectionPhase.Ended;
    }

    private void RemovePending(ListenerConnection connection)
    {
        _pending.Remove(connection.Node!);
        if (_pending.Count < (options.MaxPendingHandshakes + 1) / 2)
            _load = ListenerLoad.Normal;
        if (connection.Source is not { } source)
            return;
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_handshakesPerAddress, source);
        if (--count == 0)
            _handshakesPerAddress.Remove(source);
    }
}
