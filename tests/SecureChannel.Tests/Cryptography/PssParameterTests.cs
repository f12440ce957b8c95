using System.Formats.Asn1;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Tests.Cryptography;

/// <summary>RFC 9846 section 4.3.3: the parameters of an RSASSA-PSS key must be identical to those of the scheme.</summary>
public sealed class PssParameterTests
{
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string Sha384 = "2.16.840.1.101.3.4.2.2";

    [Theory]
    [InlineData(Sha256, Sha256, 32, SignatureScheme.RsaPssPssSha256)]
    [InlineData(Sha384, Sha384, 48, SignatureScheme.RsaPssPssSha384)]
    [InlineData(Sha256, Sha1, 32, null)]
    [InlineData(Sha256, Sha384, 32, null)]
    [InlineData(Sha256, Sha256, 20, null)]
    [InlineData(Sha256, Sha256, 48, null)]
    [InlineData(Sha384, Sha384, 32, null)]
    [InlineData(Sha1, Sha1, 20, null)]
    public void A_key_is_imported_only_if_hash_mask_function_and_salt_fit_one_scheme(string hash, string maskHash, int saltLength, SignatureScheme? expected)
    {
        using var rsa = RSA.Create(2048);
        var isImported = CryptographyProvider.Platform.TryImportVerificationKey(Encode(rsa, hash, maskHash, saltLength), out var key);
        using (key)
        {
            Assert.Equal(expected is not null, isImported);
            Assert.Equal(expected, key?.Schemes.Single());
        }
    }

    // SubjectPublicKeyInfo with the parameters of RFC 4055 section 3.1.
    private static byte[] Encode(RSA rsa, string hash, string maskHash, int saltLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.10");
                using (writer.PushSequence())
                {
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                        WriteAlgorithm(writer, hash);
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier("1.2.840.113549.1.1.8");
                        WriteAlgorithm(writer, maskHash);
                    }

                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                        writer.WriteInteger(saltLength);
                }
            }

            writer.WriteBitString(rsa.ExportRSAPublicKey());
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer, string identifier)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
            writer.WriteNull();
        }
    }
}
