namespace SecureChannel.Handshakes;

/// <summary>The offer of a client, in a compact form that a session stores. Thread-safe.</summary>
public interface IClientOffer
{
    /// <summary>Creates the description of the offer, when an application first reads <see cref="NegotiatedSession.ClientHello"/>.</summary>
    /// <returns>The description.</returns>
    ClientHelloInfo Describe();
}
