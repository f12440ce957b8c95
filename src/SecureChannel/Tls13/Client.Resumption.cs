using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The resumption of an earlier session (RFC 9846 sections 2.2, 4.3.11 and 4.7.1).</content>
internal sealed partial class Tls13Client
{
    // The ticket must fit into a ClientHello, and servers bound its length.
    private const int MaxTicketLength = 1 << 14;

    private bool _hasTakenSession;
    private ResumableSession? _session;
    private ResumedIdentity? _resumed;
    private PreSharedSecret? _early;
    private IdentityProof? _server;
    private IReadOnlyList<ReadOnlyMemory<byte>> _serverChain = [];
    private ResumptionSecret? _resumption;
    private ReadOnlyMemory<byte>? _stapledResponse;
    private bool _wasClientAuthenticated;
    private DateTimeOffset _authenticatedAt;

    private bool IsClientAuthenticated => _identity is not null || _session?.IsClientAuthenticated == true;

    // Before the first ClientHello: takes a session, and verifies the server's certificates again, because the policy or the time may refuse them now.
    private HandshakeResult? TakeSession()
    {
        if (_hasTakenSession)
            return null;
        _hasTakenSession = true;
        if (!parameters.TryTakeSession(out _session))
            return null;
        var verification = _session.Verify(parameters);
        return HandshakeResult.Pending(verification, () =>
        {
            // A server that is not trusted any more is refused in a full handshake, with the reason.
            if (verification.Identity is not { } verified || !_session.TryResume(verified, out _resumed))
                LeaveSession();
            return HandshakeResult.Continue;
        });
    }

    private void OfferSession()
    {
        if (_session is null)
            return;

        // RFC 9846 section 4.2.2: after a HelloRetryRequest, keys are removed that are "incompatible with the server's indicated cipher suite".
        if (_retriedSuite is { } suite && suite.Hash != _session.CipherSuite.Hash)
        {
            _offer!.WithdrawKey();
            LeaveSession();
            return;
        }

        _early ??= new PreSharedSecret(new KeyDerivation(Cryptography, _session.CipherSuite), _session.Key);
        var identity = new PskIdentity(_session.Ticket, _session.ObfuscateAge(parameters.TimeProvider.GetUtcNow()));
        _offer!.Resume(identity, _early, _session.CipherSuite.Hash.Length, Transcript);
    }

    private partial HandshakeResult On(in ResumedServerHello message, in Transcript before)
    {
        var hello = message.Message;
        if (!ReceivedChoice.TryReadResumed(hello, _offer!, _retriedSuite, out _serverShare, out var error))
            return error;

        // RFC 9846 section 4.3.11: clients verify "that the server selected a cipher suite indicating a Hash associated with the PSK".
        if (hello.CipherSuite.Hash != _session!.CipherSuite.Hash)
            return Tls13Error.Illegal($"The server resumed a session with {hello.CipherSuite.Name}, whose hash function is not that of the ticket.");

        _suite = hello.CipherSuite;
        if (_retriedSuite is null)
            SelectHash(_suite.Hash);
        return HandshakeResult.Continue;
    }

    partial void EnterResumed() => EnterHandshake();

    private partial AuthenticationResult OnResumedFinished(in Finished message, in Transcript before)
    {
        if (Confirmation.Check(_keys!, Role.Server, message, before, out _confirmed) is { } error)
            return error;
        _serverChain = _session!.ServerChain;
        return _server = new IdentityProof(_resumed!, _confirmed);
    }

    private void AwaitTickets()
    {
        if (parameters.CanResume)
        {
            _resumption = _keys!.DeriveResumption(Transcript);
            _authenticatedAt = _session?.AuthenticatedAt ?? parameters.TimeProvider.GetUtcNow();
            _stapledResponse = _session is not null ? _session.StapledOcspResponse : _validation!.StapledOcspResponse;
            _wasClientAuthenticated = IsClientAuthenticated;
        }
        else
        {
            (_server, _serverChain) = (null, []);
        }

        LeaveSession();
    }

    private partial HandshakeResult On(in NewSessionTicket message, in Transcript before)
    {
        if (ExtensionRules.Check(message.Extensions, nameof(NewSessionTicket)) is { } error)
            return error;

        // RFC 9846 section 4.7.1: "The value of zero indicates that the ticket should be discarded immediately."
        if (_resumption is null || message.Lifetime == 0 || message.Ticket.Length > MaxTicketLength)
            return HandshakeResult.Continue;
        var key = new KeyDerivation(Cryptography, _suite).DeriveKey(_resumption, message.Nonce.Span);
        var now = parameters.TimeProvider.GetUtcNow();
        parameters.StoreSession(new ResumableSession(_server!, _serverChain, message.Ticket, key, now, TimeSpan.FromSeconds(message.Lifetime), _authenticatedAt)
        {
            CipherSuite = _suite,
            AgeAdd = message.AgeAdd,
            StapledOcspResponse = _stapledResponse,
            IsClientAuthenticated = _wasClientAuthenticated,
        });
        return HandshakeResult.Continue;
    }

    // The ticket is used once, whether the server accepts it or not.
    private void LeaveSession()
    {
        _early?.Dispose();
        _session?.Dispose();
        (_early, _session, _resumed) = (null, null, null);
    }

    private void DisposeSession()
    {
        LeaveSession();
        _resumption?.Dispose();
    }
}
