using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Sessions;

public sealed class SessionOptionsTests
{
    [Fact]
    public void An_option_outside_its_range_is_refused_when_the_session_is_made()
    {
        var trust = Trust.Authorities(SessionPair.Authority.Certificate);
        ClientOptions[] wrong =
        [
            new() { Trust = trust },
            new() { Trust = trust, ServerName = "" },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.Zero },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.FromDays(25) },
            new() { Trust = trust, ServerName = "a", HandshakeTimeout = TimeSpan.FromSeconds(-1) },
            new() { Trust = trust, ServerName = "a", MaxMessageSize = 0 },
            new() { Trust = trust, ServerName = "a", ApplicationProtocols = [""] },
            new() { Trust = trust, ServerName = "a", CipherSuites = [(CipherSuite)0x1304] },
            new() { Trust = trust, ServerName = "a", Groups = [NamedGroup.X25519] },
            new() { Trust = trust, ServerName = "a", SignatureSchemes = [SignatureScheme.RsaPkcs1Sha256] },
            new() { Trust = trust, ServerName = "a", ApplicationProtocols = [new string('a', 256)] },
        ];
        foreach (var options in wrong)
            Assert.ThrowsAny<ArgumentException>(() => SecureSession.Create(Stream.Null, options));
    }
}
