using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The resumption of an earlier session (RFC 9846 sections 2.2, 4.3.11 and 4.7.1).</content>
internal sealed partial class Tls13Client
{
    private readonly ClientResumption? _resumption = parameters.CanResume ? new(parameters) : null;

    private bool IsClientAuthenticated => _identity is not null || _resumption?.Session?.IsClientAuthenticated == true;

    // In a method of its own, so that only a client that resumes a session allocates the closure.
    private HandshakeResult AwaitVerification(CertificateVerificationOperation verification) => HandshakeResult.Pending(verification, () =>
    {
        _resumption!.Accept(verification);
        return HandshakeResult.Continue;
    });

    private partial HandshakeResult On(in ResumedServerHello message, in Transcript before)
    {
        var hello = message.Message;
        if (!ReceivedChoice.TryReadResumed(hello, _offer!, _retriedSuite, out _serverShare, out var error))
            return error;

        // RFC 9846 section 4.3.11: clients verify "that the server selected a cipher suite indicating a Hash associated with the PSK".
        if (hello.CipherSuite.Hash != _resumption!.Session!.CipherSuite.Hash)
            return Tls13Error.Illegal($"The server resumed a session with {hello.CipherSuite.Name}, whose hash function is not that of the ticket.");

        _suite = hello.CipherSuite;
        if (_retriedSuite is null)
            SelectHash(_suite.Hash);
        return HandshakeResult.Continue;
    }

    partial void EnterResumed() => EnterHandshake();

    private partial AuthenticationResult OnResumedFinished(in Finished message, in Transcript before) =>
        Confirmation.Check(_keys!, Role.Server, message, before, out _confirmed) is { } error ? error : _resumption!.Prove(_confirmed);

    private void AwaitTickets() =>
        _resumption?.AwaitTickets(new KeyDerivation(Cryptography, _suite), _keys!.DeriveResumption(Transcript), IsClientAuthenticated);

    private partial HandshakeResult On(in NewSessionTicket message, in Transcript before)
    {
        if (ExtensionRules.Check(message.Extensions, nameof(NewSessionTicket)) is { } error)
            return error;
        _resumption?.Store(message);
        return HandshakeResult.Continue;
    }
}
