using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecureChannel.Cryptography;
using SecureChannel.Messages;
using SecureChannel.Testing.Cryptography;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>A handshake that RFC 8448 records step by step.</summary>
internal sealed class Trace(string file)
{
    private readonly JsonElement[] _steps = [.. Vectors.Read(file)];

    /// <summary>Gets the records in the order in which they were sent: the sender, the content type and the bytes.</summary>
    public IEnumerable<(string By, string Type, byte[] Record)> Sequence =>
        from step in _steps
        where step.Text("step").EndsWith(" record", StringComparison.Ordinal)
        select (step.Text("by"), step.Text("step").Split(' ')[1], step.GetProperty("values").Hex("complete record"));

    /// <summary>Returns the handshake messages with a name, each with its header.</summary>
    public ImmutableArray<byte[]> Messages(string by, string name) =>
    [
        .. _steps.Where(step => step.Text("by") == by && step.Text("step").EndsWith($" {name} handshake message", StringComparison.Ordinal))
            .Select(step => step.GetProperty("values").Hex(name)),
    ];

    public TMessage Message<TMessage>(string by, string name, int index = 0)
        where TMessage : IMessage<TMessage>
    {
        Assert.True(WireSerializer.TryRead<TMessage>(Messages(by, name)[index].AsSpan(4), out var message, out var error), error.ToString());
        return message;
    }

    /// <summary>Returns a value of the first step whose name begins with a text.</summary>
    public byte[] Value(string by, string step, string value) =>
        _steps.First(item => item.Text("by") == by && item.Text("step").StartsWith(step, StringComparison.Ordinal)).GetProperty("values").Hex(value);

    /// <summary>Returns the plaintext of the first protected record of a type.</summary>
    public byte[] Payload(string by, string type) => Value(by, $"send {type} record", "payload");

    /// <summary>Gets the result of the key agreement.</summary>
    public byte[] Agreed => Value("server", "extract secret \"handshake\"", "IKM");

    /// <summary>Returns the secret with a label.</summary>
    public byte[] Secret(string label) => Value("server", $"derive secret \"tls13 {label}\"", "expanded");

    /// <summary>Gets the signature of the server and its scheme.</summary>
    public (SignatureScheme Scheme, byte[] Bytes) Signature
    {
        get
        {
            Assert.True(WireSerializer.TryRead<CertificateVerify>(Messages("server", "CertificateVerify")[0].AsSpan(4), out var verify, out _));
            return (verify.Algorithm, verify.Signature.ToArray());
        }
    }
}

/// <summary>A key pair with a recorded public key and result.</summary>
internal sealed class RecordedKeyShare(NamedGroup group, byte[] publicKey, byte[] agreed) : KeyExchange(group)
{
    public override ReadOnlyMemory<byte> PublicKey => publicKey;

    public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret)
    {
        secret = new SharedSecret(agreed.Length);
        agreed.CopyTo(secret.Buffer);
        return true;
    }

    public override void Dispose()
    {
    }
}

/// <summary>The platform provider with recorded random values and key pairs.</summary>
internal sealed class RecordedProvider(IEnumerable<byte[]> random, Func<NamedGroup, KeyExchange> createKeyShare) : CryptographyProvider
{
    private readonly Queue<byte[]> _random = new(random);

    public override string Name => "recorded";

    public override ImmutableArray<CipherSuite> CipherSuites => Platform.CipherSuites;

    public override ImmutableArray<NamedGroup> Groups => [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1];

    public override ImmutableArray<SignatureScheme> SignatureSchemes => Platform.SignatureSchemes;

    public override bool Supports(AeadAlgorithm algorithm) => Platform.Supports(algorithm);

    public override void FillRandom(Span<byte> destination) => _random.Dequeue().CopyTo(destination);

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Platform.CreateAead(algorithm, key);

    public override HashContext CreateHashContext(HashFunction function) => Platform.CreateHashContext(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey) =>
        Platform.HkdfExtract(function, salt, inputKeyingMaterial, pseudorandomKey);

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        Platform.HkdfExpand(function, pseudorandomKey, info, outputKeyingMaterial);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => Platform.Hmac(function, key, data, mac);

    public override KeyExchange CreateKeyExchange(NamedGroup group) => createKeyShare(group);

    public override bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result)
    {
        using var share = createKeyShare(group);
        result = share.TryDecapsulate(peerShare, out var secret) ? new EncapsulatedSecret(share.PublicKey, secret) : null;
        return result is not null;
    }

    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key) =>
        Platform.TryImportVerificationKey(subjectPublicKeyInfo, out key);

    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key) => Platform.TryImportSigningKey(privateKeyInfo, out key);
}

/// <summary>A signer that returns a recorded signature.</summary>
internal sealed class RecordedSigner(SignatureScheme scheme, byte[] signature) : Signer
{
    public override ImmutableArray<SignatureScheme> Schemes => [scheme];

    public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => new(signature);
}

/// <summary>A recorded offer of a client, with its second ClientHello.</summary>
internal sealed class RecordedOffer(ClientHello first, KeyExchange share, ClientHello? second = null, KeyExchange? secondShare = null)
    : ClientOffer(first, [share], CryptographyProvider.Platform)
{
    public override SessionError? Retry(NamedGroup? group, ReadOnlyMemory<byte>? cookie)
    {
        Assert.Equal(secondShare!.Group, group);
        Shares = [secondShare];
        Hello = second!;
        Assert.True(WireSerializer.TryRead<ClientHelloExtensions>(second!.Extensions.Span, out var extensions, out _));
        Extensions = extensions.Items;
        Assert.Equal(cookie!.Value.ToArray(), Extensions.Find<ClientHelloExtension, ClientHelloExtension.Cookie>()!.Value.ToArray());
        return null;
    }
}

/// <summary>The recorded answers of a server.</summary>
internal sealed class RecordedAnswer(EncryptedExtensions encrypted, Certificate certificate, ReadOnlyMemory<byte>? cookie) : ServerAnswer
{
    public override ReadOnlyMemory<byte>? Cookie => cookie;

    public override EncryptedExtensions Encrypted(ServerChoice choice) => encrypted;

    public override Certificate Certificate(CertificateIdentity identity, ServerChoice choice) => certificate;
}
