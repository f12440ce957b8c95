using System.Security.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The proof that the peer holds the same keys and has seen the same handshake messages. Only the check of the peer's Finished value creates the proof, so
/// application keys cannot be used without that check. The default value proves nothing and is rejected.
/// </summary>
public readonly struct KeysConfirmed
{
    private KeysConfirmed(bool isProven) => IsProven = isProven;

    internal bool IsProven { get; }

    /// <summary>Compares the peer's Finished value with the expected value in constant time.</summary>
    /// <param name="expected">The value that the local endpoint computed.</param>
    /// <param name="received">The value that the peer sent.</param>
    /// <param name="confirmed">The proof if the values are equal and not empty.</param>
    /// <returns>True if the values are equal and not empty; otherwise, false.</returns>
    public static bool TryCheck(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> received, out KeysConfirmed confirmed)
    {
        var isEqual = !expected.IsEmpty && CryptographicOperations.FixedTimeEquals(expected, received);
        confirmed = new KeysConfirmed(isEqual);
        return isEqual;
    }
}
