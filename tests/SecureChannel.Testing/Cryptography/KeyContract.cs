using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Testing.Cryptography;

/// <summary>Tests of key exchange and signatures that each provider must pass. Each provider has a derived test class.</summary>
[SuppressMessage("Performance", "CA1859", Justification = "The tests use the abstract types.")]
public abstract class KeyContract(CryptographyProvider provider)
{
    private static readonly byte[] Content = "content that both saw"u8.ToArray();

    [Fact]
    public void Both_endpoints_compute_the_same_secret_in_each_group()
    {
        Assert.Contains(NamedGroup.Secp256r1, provider.Groups);
        Assert.Contains(NamedGroup.Secp384r1, provider.Groups);
        foreach (var group in provider.Groups)
        {
            using var client = provider.CreateKeyExchange(group);
            using var other = provider.CreateKeyExchange(group);
            Assert.Equal((group, group.ClientShareLength), (client.Group, client.PublicKey.Length));
            Assert.False(client.PublicKey.Span.SequenceEqual(other.PublicKey.Span));
            Assert.True(provider.TryEncapsulate(group, client.PublicKey.Span, out var server));
            Assert.Equal(group.ServerShareLength, server.Share.Length);
            Assert.True(client.TryDecapsulate(server.Share.Span, out var atClient));
            Assert.Equal(group.SharedSecretLength, atClient.Length);
            Assert.Equal(server.Secret.Bytes, atClient.Bytes);
            Assert.DoesNotContain(Convert.ToHexString(atClient.Bytes), client.ToString() + atClient, StringComparison.OrdinalIgnoreCase);

            Assert.True(provider.TryEncapsulate(group, client.PublicKey.Span, out var second));
            Assert.False(second.Share.Span.SequenceEqual(server.Share.Span));
            Assert.False(second.Secret.Bytes.SequenceEqual(server.Secret.Bytes));
        }
    }

    [Fact]
    public void A_peer_key_with_a_wrong_length_or_format_is_rejected()
    {
        foreach (var group in provider.Groups)
        {
            using var share = provider.CreateKeyExchange(group);
            Assert.True(provider.TryEncapsulate(group, share.PublicKey.Span, out var answer));
            var (client, server) = (share.PublicKey.ToArray(), answer.Share.ToArray());
            for (var length = 0; length < client.Length; length++)
                AssertRejectedByServer(group, client[..length]);
            for (var length = 0; length < server.Length; length++)
                AssertRejected(share, server[..length]);
            AssertRejectedByServer(group, [.. client, 0]);
            AssertRejected(share, [.. server, 0]);
            if (group is NamedGroup.X25519 or NamedGroup.X25519MLKem768)
                continue;

            var key = server;

            // RFC 9846 section 4.3.8.2 allows only uncompressed points: no compressed or hybrid forms and no point at infinity.
            for (var form = 0; form < 256; form++)
            {
                if (form == 4)
                    continue;
                AssertRejected(share, [(byte)form, .. key[1..]]);
                AssertRejectedByServer(group, [(byte)form, .. key[1..]]);
            }

            AssertRejected(share, [(byte)(2 + (key[^1] & 1)), .. key[1..(1 + key.Length / 2)]]);
        }
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_rejected()
    {
        foreach (var group in provider.Groups.Where(group => group is not (NamedGroup.X25519 or NamedGroup.X25519MLKem768)))
        {
            using var share = provider.CreateKeyExchange(group);
            using var peer = provider.CreateKeyExchange(group);
            var key = peer.PublicKey.ToArray();
            for (var at = 1; at < key.Length; at += 7)
            {
                var changed = (byte[])key.Clone();
                changed[at] ^= 1;
                AssertRejected(share, changed);
                AssertRejectedByServer(group, changed);
            }

            // Both coordinates are zero, or both are not smaller than the prime.
            AssertRejected(share, [4, .. new byte[key.Length - 1]]);
            AssertRejected(share, [4, .. Enumerable.Repeat((byte)0xFF, key.Length - 1)]);
        }
    }

    [Fact]
    public void A_point_that_results_in_an_all_zero_secret_is_rejected()
    {
        if (!provider.Groups.Contains(NamedGroup.X25519))
            return;

        // The points of small order on Curve25519 (0, 1, two of order 8, p - 1, p, p + 1), from https://cr.yp.to/ecdh.html, which RFC 7748 section 6.1 cites.
        string[] points =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        using var share = provider.CreateKeyExchange(NamedGroup.X25519);
        foreach (var point in points)
        {
            AssertRejected(share, Convert.FromHexString(point));
            AssertRejectedByServer(NamedGroup.X25519, Convert.FromHexString(point));
        }

        if (!provider.Groups.Contains(NamedGroup.X25519MLKem768))
            return;

        // draft-ietf-tls-ecdhe-mlkem section 4.3: the check of RFC 9846 section 7.4.2 applies to the X25519 part of a hybrid group.
        using var hybrid = provider.CreateKeyExchange(NamedGroup.X25519MLKem768);
        Assert.True(provider.TryEncapsulate(NamedGroup.X25519MLKem768, hybrid.PublicKey.Span, out var answer));
        foreach (var point in points)
        {
            AssertRejected(hybrid, [.. answer.Share.Span[..^32], .. Convert.FromHexString(point)]);
            AssertRejectedByServer(NamedGroup.X25519MLKem768, [.. hybrid.PublicKey.Span[..^32], .. Convert.FromHexString(point)]);
        }
    }

    [Fact]
    public void An_encapsulation_key_that_is_not_reduced_is_rejected()
    {
        if (!provider.Groups.Contains(NamedGroup.X25519MLKem768))
            return;

        // FIPS 203 section 7.2, modulus check: 768 numbers of 12 bits, each below 3329 (0xD01), in little-endian order.
        using var hybrid = provider.CreateKeyExchange(NamedGroup.X25519MLKem768);
        foreach (var at in new[] { 0, 3, 381, 384, 768, 1149 })
        {
            var share = hybrid.PublicKey.ToArray();
            (share[at], share[at + 1]) = (0x01, (byte)((share[at + 1] & 0xF0) | 0x0D));
            AssertRejectedByServer(NamedGroup.X25519MLKem768, share);
            (share[at], share[at + 1]) = (0x00, (byte)((share[at + 1] & 0xF0) | 0x0D));
            Assert.True(provider.TryEncapsulate(NamedGroup.X25519MLKem768, share, out _));
            (share[at + 1], share[at + 2]) = ((byte)((share[at + 1] & 0x0F) | 0x10), 0xD0);
            AssertRejectedByServer(NamedGroup.X25519MLKem768, share);
        }
    }

    [Fact]
    public void A_changed_ciphertext_results_in_another_secret()
    {
        if (!provider.Groups.Contains(NamedGroup.X25519MLKem768))
            return;

        // FIPS 203 section 6.3: implicit rejection, so that the Finished message fails and the error reveals nothing.
        using var hybrid = provider.CreateKeyExchange(NamedGroup.X25519MLKem768);
        Assert.True(provider.TryEncapsulate(NamedGroup.X25519MLKem768, hybrid.PublicKey.Span, out var answer));
        var changed = answer.Share.ToArray();
        changed[7] ^= 1;
        Assert.True(hybrid.TryDecapsulate(changed, out var secret));
        Assert.False(secret.Bytes[..32].SequenceEqual(answer.Secret.Bytes[..32]));
        Assert.True(secret.Bytes[32..].SequenceEqual(answer.Secret.Bytes[32..]));
    }

    [Fact]
    public void A_disposed_key_and_an_unsupported_group_throw()
    {
        foreach (var group in provider.Groups)
        {
            var share = provider.CreateKeyExchange(group);
            Assert.True(provider.TryEncapsulate(group, share.PublicKey.Span, out var answer));
            share.Dispose();
            share.Dispose();
            Assert.Throws<ObjectDisposedException>(() => share.TryDecapsulate(answer.Share.Span, out _));
        }

        // 0x11ED is SecP384r1MLKEM1024, which no provider supports.
        Assert.Throws<PlatformNotSupportedException>(() => provider.CreateKeyExchange((NamedGroup)0x11ED));
        Assert.Throws<PlatformNotSupportedException>(() => provider.TryEncapsulate((NamedGroup)0x11ED, new byte[32], out _));
    }

    [Fact]
    public void A_signature_is_valid_for_its_key_its_scheme_and_its_content_only()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var rsa = RSA.Create(2048);
        (byte[] Private, byte[] Public, SignatureScheme[] Schemes)[] kinds =
        [
            (p256.ExportPkcs8PrivateKey(), p256.ExportSubjectPublicKeyInfo(), [SignatureScheme.EcdsaSecp256r1Sha256]),
            (p384.ExportPkcs8PrivateKey(), p384.ExportSubjectPublicKeyInfo(), [SignatureScheme.EcdsaSecp384r1Sha384]),
            (p521.ExportPkcs8PrivateKey(), p521.ExportSubjectPublicKeyInfo(), [SignatureScheme.EcdsaSecp521r1Sha512]),
            (rsa.ExportPkcs8PrivateKey(), rsa.ExportSubjectPublicKeyInfo(),
                [SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512]),
        ];
        foreach (var (privateKey, publicKey, schemes) in kinds)
        {
            Assert.True(provider.TryImportSigningKey(privateKey, out var signing));
            Assert.True(provider.TryImportVerificationKey(publicKey, out var verification));
            using (signing)
            using (verification)
            {
                Assert.Equal(schemes, signing.Schemes);
                Assert.Equal(schemes, verification.Schemes);
                Assert.All(schemes, scheme => Assert.Contains(scheme, provider.SignatureSchemes));
                foreach (var scheme in schemes)
                {
                    var signature = signing.Sign(scheme, Content);
                    AssertOnlyThis(verification, scheme, signature);
                }

                Assert.Throws<ArgumentException>(() => signing.Sign(SignatureScheme.Ed25519, Content));
            }
        }
    }

    [Fact]
    public void A_malformed_or_unsupported_key_is_not_imported()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        var (publicKey, privateKey) = (p256.ExportSubjectPublicKeyInfo(), p256.ExportPkcs8PrivateKey());
        Assert.False(provider.TryImportVerificationKey(brainpool.ExportSubjectPublicKeyInfo(), out _));
        Assert.False(provider.TryImportSigningKey(brainpool.ExportPkcs8PrivateKey(), out _));
        Assert.False(provider.TryImportVerificationKey(privateKey, out _));
        Assert.False(provider.TryImportSigningKey(publicKey, out _));
        for (var length = 0; length < publicKey.Length; length++)
            Assert.False(provider.TryImportVerificationKey(publicKey.AsSpan(0, length), out _));
        for (var length = 0; length < privateKey.Length; length++)
            Assert.False(provider.TryImportSigningKey(privateKey.AsSpan(0, length), out _));
    }

    [Fact]
    public async Task Keys_are_thread_safe()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(provider.TryImportSigningKey(p256.ExportPkcs8PrivateKey(), out var signing));
        Assert.True(provider.TryImportVerificationKey(p256.ExportSubjectPublicKeyInfo(), out var verification));
        using (signing)
        using (verification)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var n = 0; n < 50; n++)
                {
                    byte[] content = [(byte)thread, (byte)n];
                    var signature = signing.Sign(SignatureScheme.EcdsaSecp256r1Sha256, content);
                    Assert.True(verification.Verify(SignatureScheme.EcdsaSecp256r1Sha256, content, signature));
                }
            })));
        }
    }

    protected static void AssertOnlyThis(VerificationKey key, SignatureScheme scheme, byte[] signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        Assert.True(key.Verify(scheme, Content, signature));
        Assert.False(key.Verify(scheme, Content.AsSpan(1), signature));
        foreach (var other in Enum.GetValues<SignatureScheme>().Where(other => other != scheme))
            Assert.False(key.Verify(other, Content, signature));
        for (var at = 0; at < signature.Length; at += 5)
        {
            var altered = (byte[])signature.Clone();
            altered[at] ^= 0x10;
            Assert.False(key.Verify(scheme, Content, altered));
        }

        for (var length = 0; length < signature.Length; length += 5)
            Assert.False(key.Verify(scheme, Content, signature.AsSpan(0, length)));
        Assert.False(key.Verify(scheme, Content, [.. signature, 0]));
    }

    private void AssertRejectedByServer(NamedGroup group, byte[] peer)
    {
        Assert.False(provider.TryEncapsulate(group, peer, out var result));
        Assert.Null(result);
    }

    private static void AssertRejected(KeyExchange share, byte[] peer)
    {
        Assert.False(share.TryDecapsulate(peer, out var secret));
        Assert.Null(secret);
    }
}
