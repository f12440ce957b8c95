using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>The check of the identities that a protocol requires (<see cref="RequiresIdentityAttribute"/>), before it begins.</summary>
internal static class RequiredIdentity
{
    /// <summary>Checks that the endpoints of a channel have proven the identities that a protocol requires.</summary>
    /// <exception cref="InvalidOperationException">The local endpoint is the client, and presented no identity.</exception>
    /// <exception cref="SessionException">The peer has not proven its identity. The channel is aborted with access_denied.</exception>
    public static void Check(MessageChannel channel, ProtocolState start)
    {
        if (start.Graph.RequiresClientIdentity && !channel.IsClientAuthenticated)
        {
            if (channel.Role == Role.Server)
                throw Refuse(channel, start, "client", "Set 'ClientAuthentication' to Require in the options of the server, so that the handshake refuses such a client.");
            throw new InvalidOperationException(
                $"{start.Subject}: the protocol requires the identity of the client, but this endpoint presented none. Set 'Identity' in the options of the client, and "
                + "check that the server requests a certificate that the identity satisfies.");
        }

        if (start.Graph.RequiresServerIdentity && channel is { Role: Role.Client, PeerIdentity: null })
            throw Refuse(channel, start, "server", "Use a session whose handshake authenticates the server.");
    }

    private static SessionException Refuse(MessageChannel channel, ProtocolState start, string role, string remedy)
    {
        var error = new SessionError(
            SessionErrorKind.UntrustedPeer, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied,
            $"{start.Subject}: the protocol requires the identity of the {role}, but the {role} has proven none. {remedy}");

        _ = AbortAsync(channel, error);
        return new SessionException(error, channel.End);
    }

    private static async Task AbortAsync(MessageChannel channel, SessionError error)
    {
        try
        {
            await channel.AbortAsync(error).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller needs the refusal, not the exception of a channel that cannot abort.
        }
    }
}
