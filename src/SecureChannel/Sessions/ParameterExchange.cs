namespace SecureChannel;

/// <summary>
/// The exchange of session parameters over SslStream, whose handshake cannot carry them. It runs before every other message. Both messages have the same type.
/// </summary>
[Protocol("session-parameters/1")]
internal enum ParameterExchange
{
    /// <summary>The client sends its parameters.</summary>
    [Client<SessionParametersMessage>(Answering)]
    Start,

    /// <summary>The server sends its parameters.</summary>
    [Server<SessionParametersMessage>(Exchanged)]
    Answering,

    /// <summary>Both endpoints have the parameters of the other.</summary>
    [Final]
    Exchanged,
}

/// <summary>The parameters of an endpoint.</summary>
/// <param name="Encoded">The encoding of <see cref="Handshakes.SessionParameters"/>.</param>
[Message(3)]
internal readonly partial record struct SessionParametersMessage([property: Remainder(0, 255)] ReadOnlyMemory<byte> Encoded);
