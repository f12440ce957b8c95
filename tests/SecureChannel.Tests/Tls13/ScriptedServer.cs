using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>A server that sends any messages that a test chooses, in any order, with valid keys, signatures and Finished values over them.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private static readonly CryptographyProvider Cryptography = CryptographyProvider.Platform;

    private readonly TranscriptHash _transcript = new(Cryptography);
    private bool _isRetry;
    private SessionKeys? _keys;

    public ScriptedServer(byte[] clientHello) => Receive(clientHello);

    public CipherSuite Suite { get; init; } = CipherSuite.Aes128GcmSha256;

    public CertificateIdentity Identity { get; init; } = Tls13Ends.Identity;

    /// <summary>Gets the first stage of the key schedule with a pre-shared key, or null.</summary>
    public PreSharedSecret? Early { get; init; }

    public ReceivedOffer Offer { get; private set; } = null!;

    /// <summary>Receives the messages of the client in order.</summary>
    public void Receive(byte[] message)
    {
        if (message[0] == 1)
        {
            Assert.True(WireSerializer.TryRead<ClientHello>(message.AsSpan(4), out var hello, out var error), error.ToString());
            Assert.True(ReceivedOffer.TryRead(hello, out var offer, out var refusal), refusal?.ToString());
            Offer = offer;
        }

        _transcript.Append(message);
    }

    public byte[] HelloRetryRequest(params IEnumerable<HelloRetryRequestExtension> extensions) => HelloRetryRequest(hello => hello, extensions);

    public byte[] HelloRetryRequest(Func<ServerHello, ServerHello> change, params IEnumerable<HelloRetryRequestExtension> extensions)
    {
        _isRetry = true;
        _transcript.SelectHash(Suite.Hash);
        _transcript.ReplaceByHash(254);
        var block = WireSerializer.ToArray(new HelloRetryRequestExtensions([.. extensions]));
        return Frame(change(new ServerHello(ProtocolVersion.Tls12, SecureChannel.Tls13.HelloRetryRequest.FixedRandom, Offer.Hello.LegacySessionId, Suite, 0, block)));
    }

    public byte[] ServerHello() => ServerHello(hello => hello, extensions => extensions);

    public byte[] ServerHello(Func<ServerHello, ServerHello> change) => ServerHello(change, extensions => extensions);

    public byte[] ServerHello(Func<ImmutableArray<ServerHelloExtension>, IEnumerable<ServerHelloExtension>> extensions) => ServerHello(hello => hello, extensions);

    public byte[] ServerHello(
        Func<ServerHello, ServerHello> change, Func<ImmutableArray<ServerHelloExtension>, IEnumerable<ServerHelloExtension>> extensions)
    {
        var peer = Offer.Shares.First(share => share.Group.IsKnown);
        Assert.True(Cryptography.TryEncapsulate(peer.Group, peer.KeyExchange.Span, out var agreed));
        ImmutableArray<ServerHelloExtension> usual =
            [new ServerHelloExtension.SupportedVersions(ProtocolVersion.Tls13), new ServerHelloExtension.KeyShare(new KeyShareEntry(peer.Group, agreed.Share))];
        var block = WireSerializer.ToArray(new ServerHelloExtensions([.. extensions(usual)]));
        var random = new byte[32];
        Cryptography.FillRandom(random);
        if (!_isRetry)
            _transcript.SelectHash(Suite.Hash);
        var bytes = Frame(change(new ServerHello(ProtocolVersion.Tls12, random, Offer.Hello.LegacySessionId, Suite, 0, block)));
        _keys = new SessionKeys(new KeyDerivation(Cryptography, Suite), null);
        using (agreed.Secret)
            _keys.EnterHandshake(agreed.Secret, _transcript.View, Early);
        return bytes;
    }

    public byte[] EncryptedExtensions(params IEnumerable<EncryptedExtension> extensions) => Frame(new EncryptedExtensions([.. extensions]));

    public byte[] CertificateRequest() => CertificateRequest(default, new CertificateRequestExtension.SignatureAlgorithms([SignatureScheme.EcdsaSecp256r1Sha256]));

    public byte[] CertificateRequest(ReadOnlyMemory<byte> context, params IEnumerable<CertificateRequestExtension> extensions) => Frame(new CertificateRequest(context, [.. extensions]));

    public byte[] Certificate(params IEnumerable<CertificateExtension> extensions) => Certificate(default, [.. Identity.Chain.Select(der => new CertificateEntry(der, [.. extensions]))]);

    public byte[] Certificate(ReadOnlyMemory<byte> context, ImmutableArray<CertificateEntry> entries) => Frame(new Certificate(context, entries));

    public byte[] CertificateVerify(SignatureScheme scheme = SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme? claimed = null, Role signer = Role.Server)
    {
        var content = ScriptedProof.SignatureContent(signer, _transcript.View);
        Assert.True(Identity.TryGetSigner(CryptographyProvider.Platform, out var key, out _));
        var signature = key.SignAsync(scheme, content).AsTask().GetAwaiter().GetResult();
        return Send(15, WireSerializer.ToArray(new CertificateVerify { Algorithm = claimed ?? scheme, Signature = signature.Span }));
    }

    public byte[] Finished() => Send(20, ScriptedProof.VerifyData(_keys!, Role.Server, _transcript.View));

    /// <summary>Derives the keys that protect the messages after the ServerHello.</summary>
    public SecureChannel.Handshakes.TrafficKeys DeriveWriteKeys() => _keys!.DeriveHandshakeKeys(Role.Server);

    /// <summary>Returns a value that indicates whether a Finished of the client is valid. Does not receive it.</summary>
    public bool IsRight(byte[] clientFinished) => clientFinished.AsSpan(4).SequenceEqual(ScriptedProof.VerifyData(_keys!, Role.Client, _transcript.View));

    /// <summary>Returns the messages of a full handshake after the ServerHello.</summary>
    public IEnumerable<byte[]> Rest(bool asksForCertificate = false)
    {
        yield return EncryptedExtensions();
        if (asksForCertificate)
            yield return CertificateRequest();
        yield return Certificate();
        yield return CertificateVerify();
        yield return Finished();
    }

    public byte[] Send(byte type, byte[] body)
    {
        byte[] message = [type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
        _transcript.Append(message);
        return message;
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _transcript.Dispose();
    }

    private byte[] Frame<TMessage>(TMessage message)
        where TMessage : ICodedMessage<TMessage>
    {
        var bytes = HandshakeWire.Frame(message);
        _transcript.Append(bytes);
        return bytes;
    }
}
