using System.Net;

namespace SecureChannel;

/// <summary>The checks of the identity that a server selected for a client.</summary>
internal static class ServerIdentities
{
    /// <summary>Checks a selected identity. Returns null if the server can present it.</summary>
    /// <param name="identity">The identity, or null if the selector refused the client.</param>
    /// <param name="use">The use of the identity.</param>
    /// <param name="serverName">The name that the client requested, or null.</param>
    /// <param name="refusesUnknownNames">True if a client that requests a name that is not in the certificate is refused; otherwise, false.</param>
    public static SessionError? Check(CertificateIdentity? identity, IdentityUse use, string? serverName, bool refusesUnknownNames)
    {
        if (identity is null)
        {
            return serverName is null
                ? new(SessionErrorKind.Incompatible, SessionErrorCode.UnknownServerName, AlertDescription.HandshakeFailure,
                    "The client requested no server name, and the identity selector selected no identity for it.")
                : Unknown($"The client requested the server name {PeerText.Quote(serverName)}, and the identity selector selected no identity for it.");
        }

        if (refusesUnknownNames && serverName is not null && !Matches(identity, serverName))
        {
            return Unknown($"The client requested the server name {PeerText.Quote(serverName)}. {CertificateText.Of(identity.Certificate)} is not valid for it. "
                + "Issue a certificate for this name, or select one with an 'IdentitySelector'.");
        }

        return identity.Check(use) is { } error ? IdentityChoice.CreateError(error) : null;
    }

    private static bool Matches(CertificateIdentity identity, string name)
    {
        try
        {
            var isAddress = IPAddress.TryParse(name, out _);
            return identity.Certificate.MatchesHostname(isAddress ? name : name.TrimEnd('.'), allowWildcards: true, allowCommonName: false);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static SessionError Unknown(string message) =>
        new(SessionErrorKind.Incompatible, SessionErrorCode.UnknownServerName, AlertDescription.UnrecognizedName, message);
}
