using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <summary>The checks of received Finished and KeyUpdate messages, which the client and the server share.</summary>
internal static class Confirmation
{
    /// <summary>Checks a Finished value. Returns null if the value is valid.</summary>
    public static SessionError? Check(SessionKeys keys, Role sender, in Finished message, in Transcript before, out KeysConfirmed confirmed)
    {
        confirmed = default;

        // RFC 9846 section 4.5.3: "opaque verify_data[Hash.length]".
        if (message.VerifyData.Length != before.Function.Length)
            return new SessionError(
                SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError,
                $"A Finished value of {message.VerifyData.Length} bytes was received; expected {before.Function.Length} bytes, the hash length of the suite.");

        // RFC 9846 section 4.5.3: "if incorrect MUST terminate the connection with a "decrypt_error" alert".
        Span<byte> expected = stackalloc byte[HashFunctions.MaxLength];
        return KeysConfirmed.TryCheck(expected[..keys.ComputeVerifyData(sender, before, expected)], message.VerifyData, out confirmed)
            ? null
            : Tls13Error.Decrypt(
                $"The {(sender == Role.Client ? "client" : "server")} sent an invalid Finished value. "
                + "The endpoints do not hold the same keys, or a handshake message was modified in transit.");
    }

    /// <summary>Checks a KeyUpdate. Returns null if the message is valid.</summary>
    public static SessionError? Check(in KeyUpdate message) =>
        // RFC 9846 section 4.7.3: "If an implementation receives any other value, it MUST terminate the connection with an "illegal_parameter" alert."
        Enum.IsDefined(message.Request) ? null : Tls13Error.Illegal($"A KeyUpdate with the request {(byte)message.Request} was received; expected 0 or 1.");
}

/// <summary>The types of handshake messages that are never sent (RFC 9846 section 4).</summary>
internal static class HandshakeTypes
{
    /// <summary>The message that replaces the first ClientHello in the transcript after a HelloRetryRequest (RFC 9846 section 4.1).</summary>
    public const byte MessageHash = 254;
}
