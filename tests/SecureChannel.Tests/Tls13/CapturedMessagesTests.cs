using System.Collections.Immutable;
using SecureChannel.CompilerServices;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Messages of six other implementations (tests/Vectors/captures). Each message is read into typed values and written to the same bytes.</summary>
public sealed class CapturedMessagesTests
{
    private static readonly (string File, string Message, byte[] Bytes)[] Captured =
    [
        .. from path in Directory.GetFiles(Repository.PathOf("tests", "Vectors", "captures"), "*.txt").Order(StringComparer.Ordinal)
           from line in File.ReadLines(path)
           where !line.StartsWith('#')
           let fields = line.Split(' ')
           select (Path.GetFileNameWithoutExtension(path), fields[2], Convert.FromHexString(fields[3])),
    ];

    // The extensions in the captures, by their message. Each must be read as its declared type.
    private static readonly Dictionary<string, ExtensionType[]> Expected = new()
    {
        ["ClientHello"] =
        [
            ExtensionType.ServerName, ExtensionType.StatusRequest, ExtensionType.SupportedGroups, ExtensionType.SignatureAlgorithms,
            ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.Padding, ExtensionType.PreSharedKey, ExtensionType.EarlyData,
            ExtensionType.SupportedVersions, ExtensionType.PskKeyExchangeModes, ExtensionType.CertificateAuthorities, ExtensionType.PostHandshakeAuth,
            ExtensionType.SignatureAlgorithmsCert, ExtensionType.KeyShare,
        ],
        ["ServerHello"] = [ExtensionType.PreSharedKey, ExtensionType.SupportedVersions, ExtensionType.KeyShare],
        ["HelloRetryRequest"] = [ExtensionType.SupportedVersions, ExtensionType.Cookie, ExtensionType.KeyShare],
        ["EncryptedExtensions"] = [ExtensionType.SupportedGroups, ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.EarlyData],
        ["CertificateRequest"] = [ExtensionType.StatusRequest, ExtensionType.SignatureAlgorithms, ExtensionType.CertificateAuthorities, ExtensionType.SignatureAlgorithmsCert],
        ["Certificate"] = [ExtensionType.StatusRequest],
        ["NewSessionTicket"] = [ExtensionType.EarlyData],
    };

    [Fact]
    public void Every_captured_message_reads_and_writes_to_the_same_bytes()
    {
        Assert.Equal(["gnutls", "java", "node", "nss", "openssl", "python"], Captured.Select(item => item.File).Distinct());
        Assert.All(Captured, item => Assert.Equal(item.Bytes, Rewrite(item.Message, item.Bytes, [])));
    }

    [Fact]
    public void Every_declared_extension_is_read_as_its_declared_type()
    {
        var found = Captured.Select(item => item.Message).Distinct().ToDictionary(message => message, _ => new SortedSet<ExtensionType>());
        foreach (var (_, message, bytes) in Captured)
            Rewrite(message, bytes, found[message]);
        Assert.All(Expected, item => Assert.Equal(item.Value.Order(), found[item.Key]));
    }

    /// <summary>Extensions that no capture contains, encoded by hand from RFC 9846 section 4.3, RFC 6066 section 3 and RFC 6962 section 3.3.</summary>
    [Theory]
    [InlineData("0000 000f 000d 00 000a 62616e6b2e7465737421", typeof(ClientHelloExtension), typeof(ClientHelloExtension.ServerNames))]
    [InlineData("0012 0000", typeof(ClientHelloExtension), typeof(ClientHelloExtension.CertificateTimestamps))]
    [InlineData("002c 0005 0003 010203", typeof(ClientHelloExtension), typeof(ClientHelloExtension.Cookie))]
    [InlineData("ff53 0004 00007530", typeof(ClientHelloExtension), typeof(ClientHelloExtension.Parameters))]
    [InlineData("0000 0000", typeof(EncryptedExtension), typeof(EncryptedExtension.ServerName))]
    [InlineData("ff53 0004 00007530", typeof(EncryptedExtension), typeof(EncryptedExtension.Parameters))]
    [InlineData("0000 0002 0102", typeof(CertificateRequestExtension), typeof(CertificateRequestExtension.ServerName))]
    [InlineData("0012 0000", typeof(CertificateRequestExtension), typeof(CertificateRequestExtension.CertificateTimestamps))]
    [InlineData("0030 000b 0009 03 551d0f 0003 030780", typeof(CertificateRequestExtension), typeof(CertificateRequestExtension.OidFilters))]
    [InlineData("0012 0007 0005 0003 010203", typeof(CertificateExtension), typeof(CertificateExtension.CertificateTimestamps))]
    public void An_extension_that_was_not_captured_is_read_as_its_declared_type(string hex, Type union, Type kind)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.IsType(kind, RewriteOne(union, bytes, out var again));
        Assert.Equal(bytes, again);
    }

    [Fact]
    public void Every_message_of_the_rfc_occurs() => Assert.Equal(
        ["Certificate", "CertificateRequest", "CertificateVerify", "ClientHello", "EncryptedExtensions", "EndOfEarlyData", "Finished", "HelloRetryRequest", "KeyUpdate", "NewSessionTicket", "ServerHello"],
        Captured.Select(item => item.Message).Distinct().Order(StringComparer.Ordinal));

    private static byte[] Rewrite(string name, byte[] message, SortedSet<ExtensionType> types) => name switch
    {
        nameof(ClientHello) => Rewrite<ClientHello>(message, hello => hello with { Extensions = RewriteBlock<ClientHelloExtensions>(hello.Extensions, block => Note(block.Items, types)) }),
        nameof(ServerHello) => Rewrite<ServerHello>(message, hello => hello with { Extensions = RewriteBlock<ServerHelloExtensions>(hello.Extensions, block => Note(block.Items, types)) }),
        nameof(HelloRetryRequest) => Rewrite<ServerHello>(
            message, hello => new HelloRetryRequest(hello).Message with { Extensions = RewriteBlock<HelloRetryRequestExtensions>(hello.Extensions, block => Note(block.Items, types)) }),
        nameof(EncryptedExtensions) => Rewrite<EncryptedExtensions>(message, read => Note(read, read.Extensions, types)),
        nameof(CertificateRequest) => Rewrite<CertificateRequest>(message, read => Note(read, read.Extensions, types)),
        nameof(Certificate) => Rewrite<Certificate>(message, read => Note(read, [.. read.Entries.SelectMany(entry => entry.Extensions)], types)),
        nameof(NewSessionTicket) => Rewrite<NewSessionTicket>(message, read => Note(read, read.Extensions, types)),
        nameof(KeyUpdate) => Rewrite<KeyUpdate>(message, read => read),
        nameof(EndOfEarlyData) => Rewrite<EndOfEarlyData>(message, read => read),
        nameof(Finished) => RewriteFinished(message),
        nameof(CertificateVerify) => RewriteCertificateVerify(message),
        _ => throw new InvalidOperationException($"'{name}' is not a message of TLS 1.3."),
    };

    private static byte[] Rewrite<TMessage>(byte[] message, Func<TMessage, TMessage> again)
        where TMessage : ICodedMessage<TMessage>
    {
        Assert.Equal(TMessage.Code, message[0]);
        Assert.True(WireSerializer.TryRead<TMessage>(message.AsSpan(4), out var read, out var error), $"{typeof(TMessage).Name}: {error}");
        return HandshakeWire.Frame(again(read));
    }

    private static byte[] RewriteBlock<TBlock>(ReadOnlyMemory<byte> bytes, Action<TBlock> note)
        where TBlock : IMessage<TBlock>
    {
        Assert.True(WireSerializer.TryRead<TBlock>(bytes.Span, out var block, out var error), error.ToString());
        note(block);
        return WireSerializer.ToArray(block);
    }

    private static object RewriteOne(Type union, byte[] bytes, out byte[] again)
    {
        if (union == typeof(ClientHelloExtension))
            return RewriteOne<ClientHelloExtension>(bytes, out again);
        if (union == typeof(EncryptedExtension))
            return RewriteOne<EncryptedExtension>(bytes, out again);
        return union == typeof(CertificateExtension) ? RewriteOne<CertificateExtension>(bytes, out again) : RewriteOne<CertificateRequestExtension>(bytes, out again);
    }

    private static TUnion RewriteOne<TUnion>(byte[] bytes, out byte[] again)
        where TUnion : class, IMessage<TUnion>
    {
        Assert.True(WireSerializer.TryRead<TUnion>(bytes, out var read, out var error), error.ToString());
        again = WireSerializer.ToArray(read);
        return read;
    }

    private static byte[] RewriteFinished(byte[] message)
    {
        Assert.True(WireSerializer.TryRead<Finished>(message.AsSpan(4), out var read, out var error), error.ToString());
        return [.. message[..4], .. WireSerializer.ToArray(read)];
    }

    private static byte[] RewriteCertificateVerify(byte[] message)
    {
        Assert.True(WireSerializer.TryRead<CertificateVerify>(message.AsSpan(4), out var read, out var error), error.ToString());
        return [.. message[..4], .. WireSerializer.ToArray(read)];
    }

    private static TMessage Note<TMessage, TExtension>(TMessage message, ImmutableArray<TExtension> extensions, SortedSet<ExtensionType> types)
        where TExtension : class, IUnion<TExtension, ExtensionType>
    {
        Note(extensions, types);
        return message;
    }

    private static void Note<TExtension>(ImmutableArray<TExtension> extensions, SortedSet<ExtensionType> types)
        where TExtension : class, IUnion<TExtension, ExtensionType>
    {
        foreach (var extension in extensions)
        {
            var type = TExtension.TagOf(extension);
            Assert.Equal(!Enum.IsDefined(type), extension is IUnknownExtension);
            if (Enum.IsDefined(type))
                types.Add(type);
        }
    }
}
