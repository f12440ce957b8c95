using System.Buffers;
using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>
/// A protector of tickets with keys that you provide, so that several servers can share them. Each ticket is encrypted with AES-256-GCM and names its key.
/// Distribute the keys as secrets, and rotate them: anyone who has a key can impersonate each client and server whose ticket is under it. Thread-safe.
/// </summary>
public sealed class TicketKeys : TicketProtector
{
    // A day of hourly rotations: no ticket lives longer.
    private const int MaxKeys = 25;

    private readonly Lock _gate = new();
    private ImmutableArray<TicketKey> _keys;

    /// <summary>Creates a protector.</summary>
    /// <param name="keys">
    /// The keys, of 32 random bytes each: 1 to 25. The first one protects new tickets; all of them open tickets. They are copied.
    /// </param>
    /// <exception cref="ArgumentException">There is no key, there are too many, or one does not have 32 bytes.</exception>
    public TicketKeys(params IEnumerable<ReadOnlyMemory<byte>> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _keys = [.. keys.Select(key => Create(key.Span))];
        if (_keys.Length is 0 or > MaxKeys)
            throw new ArgumentException($"{_keys.Length} keys were given. At least 1 and at most {MaxKeys} keys are required.", nameof(keys));
    }

    /// <summary>
    /// Replaces the key that protects new tickets. Earlier keys still open tickets, up to 24 of them: older ones are wiped. A server with the old first key
    /// does not open tickets under the new one, so those clients perform full handshakes until all servers have rotated.
    /// </summary>
    /// <param name="newest">The new key: 32 random bytes. It is copied. If the protector has this key already, the key becomes the first one.</param>
    /// <exception cref="ArgumentException">The key does not have 32 bytes.</exception>
    public void Rotate(ReadOnlySpan<byte> newest)
    {
        var key = Create(newest);
        lock (_gate)
        {
            var others = _keys.RemoveAll(key.HasNameOf);
            _keys = [key, .. others.Take(MaxKeys - 1)];
            foreach (var old in others.Skip(MaxKeys - 1))
                old.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void Protect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (!Current[0].TryProtect(ticket, output))
        {
            // Other threads have rotated the key out.
        }
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(ReadOnlySpan<byte> ticket, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var key in Current)
        {
            if (key.IsNamedBy(ticket))
                return key.TryUnprotect(ticket, output);
        }

        return false;
    }

    private ImmutableArray<TicketKey> Current
    {
        get
        {
            lock (_gate)
                return _keys;
        }
    }

    private static TicketKey Create(ReadOnlySpan<byte> key) => key.Length == TicketKey.Length
        ? new(key)
        : throw new ArgumentException(
            $"A ticket key has {key.Length} bytes; expected {TicketKey.Length}. Generate it with RandomNumberGenerator.", nameof(key));
}
