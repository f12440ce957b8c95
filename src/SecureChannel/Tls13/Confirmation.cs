using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>What both ends check alike.</summary>
internal static class Confirmation
{
    /// <summary>Checks a Finished value.</summary>
    public static SessionError? Check(SessionKeys keys, Role sender, in Finished message, in Transcript before, out KeysConfirmed confirmed)
    {
        confirmed = default;

        // RFC 9846 section 4.5.3: "opaque verify_data[Hash.length]".
        if (message.VerifyData.Length != before.Function.Length)
            return new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"Finished has {message.VerifyData.Length} bytes; the suite's hash has {before.Function.Length}.");

        // RFC 9846 section 4.5.3: "if incorrect MUST terminate the connection with a "decrypt_error" alert".
        Span<byte> expected = stackalloc byte[HashFunctions.MaxLength];
        return KeysConfirmed.TryCheck(expected[..keys.ComputeVerifyData(sender, before, expected)], message.VerifyData, out confirmed)
            ? null
            : Refusal.Decrypt($"The {(sender == Role.Client ? "client" : "server")}'s Finished value is wrong: the ends do not hold the same keys, or messages were altered.");
    }

    /// <summary>Checks a KeyUpdate.</summary>
    public static SessionError? Check(in KeyUpdate message) =>
        // RFC 9846 section 4.7.3: "If an implementation receives any other value, it MUST terminate the connection with an "illegal_parameter" alert."
        Enum.IsDefined(message.Request) ? null : Refusal.Illegal($"A KeyUpdate's request is {(byte)message.Request}, and must be 0 or 1.");
}

/// <summary>Types of handshake messages that are never sent (RFC 9846 section 4).</summary>
internal static class HandshakeTypes
{
    /// <summary>Stands for the first ClientHello in the transcript after a HelloRetryRequest (RFC 9846 section 4.1).</summary>
    public const byte MessageHash = 254;
}
