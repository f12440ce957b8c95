using System.Reflection;
using SecureChannel.Cryptography;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

public sealed class SessionKeysTests
{
    /// <summary>RFC 9846 section 4.7.3: the number of updates does not exceed 2^48-1.</summary>
    [Fact]
    public void Keys_are_updated_at_most_as_often_as_the_rfc_allows()
    {
        using var share = CryptographyProvider.Platform.CreateKeyExchange(NamedGroup.Secp256r1);
        using var other = CryptographyProvider.Platform.CreateKeyExchange(NamedGroup.Secp256r1);
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        transcript.SelectHash(HashFunction.Sha256);
        Assert.True(share.TryDecapsulate(other.PublicKey.Span, out var agreed));
        using var keys = new SessionKeys(new KeyDerivation(CryptographyProvider.Platform, CipherSuite.Aes128GcmSha256), null);
        using (agreed)
            keys.EnterHandshake(agreed, transcript.View);
        keys.EnterApplication(transcript.View).Dispose();

        var updates = typeof(SessionKeys).GetField("_updates", BindingFlags.NonPublic | BindingFlags.Instance)!;
        updates.SetValue(keys, (1L << 48) - 2);
        keys.UpdateWriteKeys(Role.Client)!.Dispose();
        Assert.Null(keys.UpdateWriteKeys(Role.Client));
        keys.UpdateReadKeys(Role.Server).Dispose();
    }
}
