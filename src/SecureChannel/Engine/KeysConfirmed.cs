using System.Security.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// That the peer holds the session's keys and saw the same handshake: only the check of its Finished value makes one, so that no keys are used without it.
/// The default value proves nothing and is refused wherever a proof is asked for.
/// </summary>
public readonly struct KeysConfirmed
{
    private KeysConfirmed(bool isProven) => IsProven = isProven;

    internal bool IsProven { get; }

    /// <summary>Compares the peer's value with the expected one, in a time that does not depend on where they differ.</summary>
    /// <param name="expected">The value that this end computed.</param>
    /// <param name="received">The value that came.</param>
    /// <param name="confirmed">The proof, if they are equal and not empty.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool TryCheck(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> received, out KeysConfirmed confirmed)
    {
        var isEqual = !expected.IsEmpty && CryptographicOperations.FixedTimeEquals(expected, received);
        confirmed = new KeysConfirmed(isEqual);
        return isEqual;
    }
}
