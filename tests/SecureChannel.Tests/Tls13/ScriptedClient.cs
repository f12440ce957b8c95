using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>A client that sends any messages that a test chooses, with a valid Finished value over them.</summary>
internal sealed class ScriptedClient : IDisposable
{
    private static readonly CryptographyProvider Cryptography = CryptographyProvider.Platform;

    private readonly TranscriptHash _transcript = new(Cryptography);
    private readonly ClientOffer _offer;
    private bool _isRetry;
    private SessionKeys? _keys;

    public ScriptedClient(ClientHandshakeParameters? parameters = null) => _offer = ClientOffer.Create(parameters ?? Tls13Ends.Client);

    public ClientOffer Offer => _offer;

    public CertificateIdentity Identity { get; init; } = Tls13Ends.ClientIdentity;

    public byte[] Hello() => Hello(hello => hello, extensions => extensions);

    public byte[] Hello(Func<ClientHello, ClientHello> change) => Hello(change, extensions => extensions);

    public byte[] Hello(Func<ImmutableArray<ClientHelloExtension>, IEnumerable<ClientHelloExtension>> extensions) => Hello(hello => hello, extensions);

    public byte[] Hello(Func<ClientHello, ClientHello> change, Func<ImmutableArray<ClientHelloExtension>, IEnumerable<ClientHelloExtension>> extensions)
    {
        var block = WireSerializer.ToArray(new ClientHelloExtensions([.. extensions(_offer.Extensions)]));
        var bytes = HandshakeWire.Frame(change(_offer.Hello with { Extensions = block }));
        _transcript.Append(bytes);
        return bytes;
    }

    /// <summary>Receives the messages of the server in order.</summary>
    public void Receive(byte[] message)
    {
        if (message[0] != 2)
        {
            _transcript.Append(message);
            return;
        }

        Assert.True(WireSerializer.TryRead<ServerHello>(message.AsSpan(4), out var hello, out var error), error.ToString());
        if (!_isRetry)
            _transcript.SelectHash(hello.CipherSuite.Hash);
        if (hello.Random.Span.SequenceEqual(HelloRetryRequest.FixedRandom.Span))
        {
            _isRetry = true;
            Assert.True(ReceivedChoice.TryRead(hello, _offer, out var group, out var cookie, out var retryRefusal), retryRefusal?.ToString());
            _offer.Retry(group, cookie);
            _transcript.ReplaceByHash(254);
            _transcript.Append(message);
            return;
        }

        _transcript.Append(message);
        Assert.True(ReceivedChoice.TryRead(hello, _offer, null, out var share, out var refusal), refusal?.ToString());
        Assert.True(_offer.ShareOf(share.Group)!.TryDecapsulate(share.KeyExchange.Span, out var agreed));
        _keys = new SessionKeys(new KeyDerivation(Cryptography, hello.CipherSuite), null);
        using (agreed)
            _keys.EnterHandshake(agreed, _transcript.View);
    }

    /// <summary>Receives the protected messages of the server and then uses the handshake keys of the client.</summary>
    public void ReceiveProtected(byte[] records, SecureChannel.Handshakes.RecordReader reader, SecureChannel.Handshakes.RecordWriter writer)
    {
        reader.UseKeys(_keys!.DeriveHandshakeKeys(Role.Server));
        Assert.Equal(SecureChannel.Handshakes.RecordStatus.Record, reader.TryRead(records, out var record));
        Assert.Equal(records.Length, record.Consumed);
        _transcript.Append(record.Content(records));
        writer.UseKeys(_keys.DeriveHandshakeKeys(Role.Client));
    }

    public byte[] Certificate(params IEnumerable<CertificateExtension> extensions) =>
        Certificate(default, [.. Identity.Chain.Select(der => new CertificateEntry(der, [.. extensions]))]);

    public byte[] Certificate(ReadOnlyMemory<byte> context, ImmutableArray<CertificateEntry> entries) => Append(HandshakeWire.Frame(new Certificate(context, entries)));

    public byte[] CertificateVerify(SignatureScheme scheme = SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme? claimed = null, Role signer = Role.Client)
    {
        var content = ScriptedProof.SignatureContent(signer, _transcript.View);
        Assert.True(Identity.TryGetSigner(Cryptography, out var key, out _));
        var body = WireSerializer.ToArray(new CertificateVerify { Algorithm = claimed ?? scheme, Signature = key.SignAsync(scheme, content).AsTask().GetAwaiter().GetResult().Span });
        return Append([15, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]);
    }

    public byte[] Finished()
    {
        byte[] verifyData = ScriptedProof.VerifyData(_keys!, Role.Client, _transcript.View);
        return [20, 0, 0, (byte)verifyData.Length, .. verifyData];
    }

    private byte[] Append(byte[] message)
    {
        _transcript.Append(message);
        return message;
    }

    public void Dispose()
    {
        _offer.Dispose();
        _keys?.Dispose();
        _transcript.Dispose();
    }
}
