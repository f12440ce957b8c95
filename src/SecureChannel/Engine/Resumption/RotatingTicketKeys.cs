using System.Buffers;
using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>
/// The protector of a server that configures none: random keys, which never leave the process. A new key protects new tickets each hour. A key opens
/// tickets until the last ticket under it has expired, and is wiped with the next use after that. Thread-safe.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RotatingTicketKeys(TimeProvider timeProvider) : TicketProtector
{
    /// <summary>The time for which one key protects new tickets.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private static readonly TimeSpan Lifetime = Period + TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private ImmutableArray<(TicketKey Key, DateTimeOffset Created)> _keys = [];

    /// <summary>Gets the number of keys that open tickets.</summary>
    internal int Count => _keys.Length;

    /// <inheritdoc/>
    public override void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        while (!Rotate()[0].Key.TryProtect(ticket, output))
        {
            // The clock has jumped, and another thread has wiped the key.
        }
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        foreach (var (key, _) in Rotate())
        {
            if (key.IsNamedBy(ticket))
                return key.TryUnprotect(ticket, output);
        }

        return false;
    }

    private ImmutableArray<(TicketKey Key, DateTimeOffset Created)> Rotate()
    {
        var now = timeProvider.GetUtcNow();
        lock (_gate)
        {
            if (!_keys.IsEmpty && (now - _keys[0].Created).Duration() < Period)
                return _keys;

            // A key from the future was created before the clock was set back.
            foreach (var (key, created) in _keys)
            {
                if ((now - created).Duration() >= Lifetime)
                    key.Dispose();
            }

            return _keys = [(TicketKey.Generate(), now), .. _keys.Where(item => (now - item.Created).Duration() < Lifetime)];
        }
    }
}
