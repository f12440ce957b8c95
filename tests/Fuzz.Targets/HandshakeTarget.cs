using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using SecureChannel.Handshakes;

namespace SecureChannel.Fuzz;

/// <summary>
/// The engine with both handshakes as a target. The first byte of an input selects the handshake, the role of the endpoint and client authentication. The rest is a
/// list of messages: a factor of expansion (1 byte), a type (1 byte), a length (2 bytes) and a body. No input may throw, fail as a local error, or reach an error
/// text unescaped.
/// </summary>
/// <remarks>The provider does not encrypt and accepts every signature and Finished value, so that random inputs reach every state.</remarks>
public static class HandshakeTarget
{
    private const int HeaderLength = 4;
    private const byte Alert = 0xFF;
    private const byte ApplicationData = 0xFE;
    private const byte ChangeCipherSpec = 0xFD;

    private static readonly byte[] TlsCertificate = Convert.FromBase64String(
        "MIIBhjCCASygAwIBAgIUJ66KkgemrkV3bRSfuAqOpRlK+x0wCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMzAyMDM0MjJaGA8yMTI2MTEwNjIwMzQyMlowDD"
        + "EKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNEAbOkx/VauYg0wk9odSGMuZ0lShj66iADrn7RBfqgVgf1Vf62JBlV/U4o5fNT4FUXNsvf5OXQBEUrA"
        + "Z0gREJyjajBoMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBQGA1UdEQQNMAuCCWEuZXhhbXBsZTAdBgNVHQ4EFgQUqg76wk"
        + "QnFM2BSienp5jUiYH+5DkwCgYIKoZIzj0EAwIDSAAwRQIhAIRbu7/xYrHQQrAcjIV4PHikmUnn7wCPnCn2Dvf8ffEgAiBQYZFXimyX1DHEBCiMs7SIRxwltEDMgI2wI1Wd"
        + "nR3w7Q==");

    private static readonly byte[] ClientCertificate = Convert.FromBase64String(
        "MIIBkDCCATegAwIBAgIUYN/QrvRVR74MD0HGUAC4ijIMDYswCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjEyMDEwMjU5MTRaGA8yMTI2MTEwNzAyNTkxNFowDDEKMA"
        + "gGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIQBMuURo/HSrunvmAZbFMyoV3qAjCMPx86jnRCoZWrb3sgGkwH5PebQnhgv7bXEtGAdUmw9E68b57Ncop+MD0Cj"
        + "dTBzMB0GA1UdDgQWBBR9uUQHP2Ql6dGYyNxhyD+BnPxSXDAfBgNVHSMEGDAWgBR9uUQHP2Ql6dGYyNxhyD+BnPxSXDAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDATBg"
        + "NVHSUEDDAKBggrBgEFBQcDAjAKBggqhkjOPQQDAgNHADBEAiAn2EuW0XBFlnz/9rKd1atEsfbbopUsFHYU0GC5+7LPkQIgXr3qjilg+orqdbCu2GOuWI6cw/2/pb7oHJ1Tdz6c"
        + "YpU=");

    private static readonly byte[] KeyTransportCertificate = Convert.FromBase64String(
        "MIIDHTCCAgWgAwIBAgIUXET7+BMpm3OF91M1QyGuN6Gg5+kwDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMzAyMDM0MjJaGA8yMTI2MTEwNjIwMzQyMl"
        + "owDDEKMAgGA1UEAwwBYTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAI13COtrnqsi3HhLeh9PNjJbg3sSMJp5PkhhFL7ZRejZ644tfeG8LbdY6R9AgAxsMCrw"
        + "k6/8RkkJc5okQiKhD+SUESjlH6r8OW9agAcwDcDz3jG94METl4SVRaNZhzIGd84ZM6VNDHlVCOo1VWxt+oKtaDiU+K1/s1Tqm412DB4O+0jHj1EH0LuKpSDDVQpKnEE7yM"
        + "z/fvn2t+1+hdJnLsrlvPq4+YPiNNEKsphESUyErc9yCl+skPlHnaq1zjG7esErhwrj/3PEjv5WA8zACYLb5ge2bhA9KxuhGA27hO9YT9RvsNKJQn5vU/1Ph0J4xlvaxCxJ"
        + "yDtmH7m0rdRpR4UCAwEAAaN1MHMwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCBSAwHgYDVR0lBBcwFQYTaezVs+3W/6qomarbt7P4x/HKJDAUBgNVHREEDTALgglhLm"
        + "V4YW1wbGUwHQYDVR0OBBYEFJze4nBIjPmSrcyNsi6Ck+REMeuZMA0GCSqGSIb3DQEBCwUAA4IBAQA3gJZUtiUY6MtmBas22shdgdqA3rMzDypMGU8/C7pJhvKxqs+/I79c"
        + "Rcyg4bIQPGNzZMJ+SYDrVxY+l/65LMP5b1hfzkVnN43O0vya6uO3NS+O81c9Th3i2KPUEXrz6YNIcsmj079CoP+ixc/aTd9FHv7IaBneqv3LHrYsaKCn/iY1fYAzNCyP2l"
        + "lI34RGaR8Lm5Dz+iYxOXemPzknRHGjlTDJUTzVLvPnOmHzRsWyw3RClaHWOGy07w3l+MtLJEbM9D0/14typizyL3hlKja/wKgHVTBeA8Nwf5qYRWgJJHf6WvzLWW6BDR23"
        + "khao8reUN7GLp59GefB6z97NDZx0");

    private static readonly Endpoint[] Endpoints =
    [
        new(SessionSecurity.Tls13, TlsCertificate, Role.Client), new(SessionSecurity.Tls13, TlsCertificate, Role.Server),
        new(SessionSecurity.KeyTransport, KeyTransportCertificate, Role.Client), new(SessionSecurity.KeyTransport, KeyTransportCertificate, Role.Server),
        new(SessionSecurity.Tls13, TlsCertificate, Role.Client, ClientCertificate), new(SessionSecurity.Tls13, TlsCertificate, Role.Server, ClientCertificate),
    ];

    /// <summary>Gets the messages of complete handshakes, one input for each endpoint, and a HelloRetryRequest with a cookie.</summary>
    public static byte[][] Seeds() =>
    [
        .. Enumerable.Range(0, Endpoints.Length).Select(index => (byte[])[(byte)index, .. Endpoints[index].RecordPeer(Endpoints[index ^ 1])]), Retry(),
    ];

    /// <summary>Checks one input.</summary>
    /// <returns>The failed check, or null.</returns>
    public static string? Run(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length == 0)
            return null;
        try
        {
            var endpoint = Endpoints[input[0] % Endpoints.Length];
            using var engine = endpoint.Start(out var isProtected, out var output);
            for (var rest = input.AsSpan(1); rest.Length >= HeaderLength;)
            {
                var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), rest.Length - HeaderLength);
                endpoint.Deliver(engine, rest[1], Expand(rest.Slice(HeaderLength, length), rest[0]), isProtected, output);
                rest = rest[(HeaderLength + length)..];
            }

            engine.ReadEnd(default, output);
            return Check(engine);
        }
        // Any exception of the engine is a finding.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
    }

    /// <summary>Returns a value that indicates whether an input completes the handshake.</summary>
    /// <param name="input">The input.</param>
    public static bool IsEstablished(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var endpoint = Endpoints[input[0] % Endpoints.Length];
        using var engine = endpoint.Start(out var isProtected, out var output);
        for (var rest = input.AsSpan(1); rest.Length >= HeaderLength;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            endpoint.Deliver(engine, rest[1], rest.Slice(HeaderLength, length).ToArray(), isProtected, output);
            rest = rest[(HeaderLength + length)..];
        }

        return engine.Status == EngineStatus.Established;
    }

    private static string? Check(ChannelEngine engine)
    {
        if (engine.Failure is { } failure)
            return failure.ToString();
        if (engine.End?.Error is not { } error)
            return null;
        if (error.Kind == SessionErrorKind.LocalError)
            return error.ToString();
        return error.Message.All(character => char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)) ? null : $"unescaped text: {error.Message}";
    }

    // Appends bytes, and adds their number to every length of 2 or 3 bytes whose vector ends at the end of the body: random mutations do not find long vectors.
    private static byte[] Expand(ReadOnlySpan<byte> body, byte factor)
    {
        var added = factor < 0x80 ? 0 : (factor - 0x7F) * 512;
        var expanded = new byte[body.Length + added];
        body.CopyTo(expanded);
        for (var at = 0; added > 0 && at + 2 <= body.Length; at++)
        {
            if (at + 3 <= body.Length && at + 3 + ((body[at] << 16) | BinaryPrimitives.ReadUInt16BigEndian(body[(at + 1)..])) == body.Length)
            {
                BinaryPrimitives.WriteUInt32BigEndian(
                    expanded.AsSpan(at), (uint)(((body.Length - at - 3 + added) << 8) | (at + 3 < body.Length ? body[at + 3] : 0)));
                at += 2;
            }
            else if (at + 2 + BinaryPrimitives.ReadUInt16BigEndian(body[at..]) == body.Length)
            {
                BinaryPrimitives.WriteUInt16BigEndian(expanded.AsSpan(at), (ushort)(body.Length - at - 2 + added));
                at++;
            }
        }

        return expanded;
    }

    // A HelloRetryRequest for the first endpoint: supported_versions, and a cookie of one byte at the end.
    private static byte[] Retry()
    {
        byte[] random = [.. Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C")];
        byte[] extensions = [0, 43, 0, 2, 3, 4, 0, 44, 0, 3, 0, 1, 7];
        byte[] body = [3, 3, .. random, 32, .. Enumerable.Repeat((byte)1, 32), 0x13, 0x01, 0, 0, (byte)extensions.Length, .. extensions];
        return [0, 0, 2, 0, (byte)body.Length, .. body];
    }

    /// <summary>One role of one handshake, with a certificate that is the same in every process.</summary>
    private sealed class Endpoint(SessionSecurity security, byte[] certificate, Role role, byte[]? clientCertificate = null)
    {
        private static readonly FixedTime Time = new();
        private readonly HandshakeProtocol _protocol = security.Handshake!;
        private readonly CertificateIdentity _identity = FuzzProvider.CreateIdentity(certificate, security == SessionSecurity.Tls13);
        private readonly TrustPolicy _trust = FuzzProvider.Trust(certificate);
        private readonly CertificateIdentity? _client = clientCertificate is null ? null : FuzzProvider.CreateIdentity(clientCertificate, isTls: true);
        private readonly TrustPolicy? _clientTrust = clientCertificate is null ? null : FuzzProvider.Trust(clientCertificate);

        public ChannelEngine Start(out Func<bool> isProtected, out ArrayBufferWriter<byte> output)
        {
            var usesKeys = false;
            isProtected = () => usesKeys;
            output = new ArrayBufferWriter<byte>();
            var machine = role == Role.Client
                ? _protocol.CreateClient(new ClientHandshakeParameters
                {
                    Cryptography = FuzzProvider.Instance,
                    ServerName = "a.example",
                    Trust = _trust,
                    Identity = _client,
                    TimeProvider = Time,
                    ApplicationProtocols = ["a/1"],
                    Session = new() { IdleTimeout = TimeSpan.FromSeconds(20), KeepAliveInterval = TimeSpan.FromSeconds(5) },
                })
                : _protocol.CreateServer(new ServerHandshakeParameters
                {
                    Cryptography = FuzzProvider.Instance,
                    Identity = _identity,
                    ClientAuthentication = _clientTrust is null ? ClientAuthenticationMode.None : ClientAuthenticationMode.Request,
                    ClientTrust = _clientTrust,
                    TimeProvider = Time,
                    ApplicationProtocols = ["a/1"],
                });

            // The messages after which the peer's records are protected.
            void Observe(HandshakeProgress progress) => usesKeys |= progress.Message is "ServerHello" or "ServerAcknowledge";
            var engine = new ChannelEngine(machine, _protocol.Records, TimeSpan.FromSeconds(10), Observe, maxHandshakeMessageLength: 1 << 17);
            engine.Start(default, output);
            return engine;
        }

        public void Deliver(ChannelEngine engine, byte type, byte[] body, Func<bool> isProtected, ArrayBufferWriter<byte> output)
        {
            var format = _protocol.Records;
            var (content, recordType) = type switch
            {
                Alert => (body, format.Alert),
                ApplicationData => (body, format.ApplicationData),
                ChangeCipherSpec => (body, format.ChangeCipherSpec ?? 0),
                _ => ((byte[])[type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body], format.Handshake),
            };
            foreach (var fragment in content.Chunk(RecordFormat.MaxContentLength))
            {
                var isSealed = isProtected() && type != ChangeCipherSpec;
                byte[] inner = isSealed ? [.. fragment, recordType, .. new byte[16]] : fragment;
                Read(engine, [isSealed ? format.ApplicationData : recordType, (byte)(format.Version >> 8), (byte)format.Version, (byte)(inner.Length >> 8), (byte)inner.Length, .. inner], output);
            }
        }

        /// <summary>Runs a handshake with the peer and returns the peer's messages in the form of an input.</summary>
        public byte[] RecordPeer(Endpoint peer)
        {
            using var own = Start(out var isProtected, out var output);
            using var other = peer.Start(out _, out var fromPeer);
            var recorded = new List<byte>();
            while (output.WrittenCount + fromPeer.WrittenCount > 0)
            {
                var (sent, received) = (output.WrittenSpan.ToArray(), fromPeer.WrittenSpan.ToArray());
                output.ResetWrittenCount();
                fromPeer.ResetWrittenCount();
                for (Span<byte> rest = received; !rest.IsEmpty;)
                {
                    var length = 5 + BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
                    var content = rest[..length][5..];
                    if (rest[0] == _protocol.Records.ApplicationData)
                        content = content[..^17];
                    if (rest[0] != _protocol.Records.ChangeCipherSpec)
                        AddMessages(content, recorded);
                    Read(own, rest[..length].ToArray(), output);
                    rest = rest[length..];
                }

                for (Span<byte> rest = sent; !rest.IsEmpty;)
                {
                    var length = 5 + BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
                    Read(other, rest[..length].ToArray(), fromPeer);
                    rest = rest[length..];
                }
            }

            return own.Status == EngineStatus.Established ? [.. recorded] : throw new InvalidOperationException($"{own.End} {other.End}");
        }

        private static void AddMessages(ReadOnlySpan<byte> content, List<byte> recorded)
        {
            while (!content.IsEmpty)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(content[2..]);
                recorded.AddRange([0, content[0], .. content.Slice(2, 2 + length)]);
                content = content[(4 + length)..];
            }
        }

        private static void Read(ChannelEngine engine, byte[] record, ArrayBufferWriter<byte> output)
        {
            for (var rest = record.AsMemory(); engine.Status != EngineStatus.Closed;)
            {
                if (engine.Pending is { } operation)
                {
                    operation.RunAsync(default).AsTask().GetAwaiter().GetResult();
                    engine.Resume(default, output);
                    continue;
                }

                var consumed = engine.Read(rest.Span, default, output).Consumed;
                rest = rest[consumed..];
                if (consumed == 0 && engine.Pending is null)
                    return;
            }
        }

        private sealed class FixedTime : TimeProvider
        {
            public override DateTimeOffset GetUtcNow() => new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        }
    }
}
