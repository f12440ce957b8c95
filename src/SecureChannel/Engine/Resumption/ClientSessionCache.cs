using System.Diagnostics.CodeAnalysis;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// A cache of sessions that clients can resume, in memory. Set the same cache in the options of all clients that may resume each other's sessions: a session is
/// resumed only for the same server name, application protocols, trust policy and identity of the client. Each session is resumed once. Thread-safe.
/// </summary>
/// <remarks>Override <see cref="Add"/>, <see cref="TryTake"/> and <see cref="Clear"/> to replace the storage.</remarks>
/// <param name="capacity">The maximum number of sessions. The oldest one is removed first.</param>
public class ClientSessionCache(int capacity = 256)
{
    // A server can send many tickets; more than these would displace those of other servers.
    private const int MaxSessionsOfKey = 8;

    private readonly int _capacity = capacity >= 1
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "'capacity' must be at least 1.");

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, ResumableSession Session)> _byAge = [];
    private readonly Dictionary<string, List<LinkedListNode<(string Key, ResumableSession Session)>>> _byKey = new(StringComparer.Ordinal);

    /// <summary>Removes all sessions and wipes their keys, so that the next handshake with each server is a full one.</summary>
    public virtual void Clear()
    {
        lock (_gate)
        {
            foreach (var (_, session) in _byAge)
                session.Dispose();
            _byAge.Clear();
            _byKey.Clear();
        }
    }

    /// <summary>Adds a session.</summary>
    /// <param name="key">
    /// The text that identifies what the session is bound to. It begins with the server name and a space. It is valid in this process only.
    /// </param>
    /// <param name="session">The session. The cache owns it, and disposes it when it removes it.</param>
    protected internal virtual void Add(string key, ResumableSession session)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(session);
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var sessions))
                _byKey.Add(key, sessions = []);
            sessions.Add(_byAge.AddLast((key, session)));
            if (sessions.Count > MaxSessionsOfKey)
                Remove(sessions[0]).Dispose();
            if (_byAge.Count > _capacity)
                Remove(_byAge.First!).Dispose();
        }
    }

    /// <summary>Tries to remove the latest session that was added with a key.</summary>
    /// <param name="key">The text that identifies what the session is bound to.</param>
    /// <param name="session">The session, which the caller owns and checks; null if the cache has no session for the server.</param>
    /// <returns>True if there was a session; otherwise, false.</returns>
    protected internal virtual bool TryTake(string key, [NotNullWhen(true)] out ResumableSession? session)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_gate)
            session = _byKey.TryGetValue(key, out var sessions) ? Remove(sessions[^1]) : null;
        return session is not null;
    }

    private ResumableSession Remove(LinkedListNode<(string Key, ResumableSession Session)> node)
    {
        var (key, session) = node.Value;
        _byAge.Remove(node);
        var sessions = _byKey[key];
        sessions.Remove(node);
        if (sessions.Count == 0)
            _byKey.Remove(key);
        return session;
    }
}
