using System.Buffers;
using System.Buffers.Binary;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Tls13;

/// <summary>The form of the records of a handshake, and the forms that are accepted: RFC 9846 sections 5 and 5.1, appendix E.4.</summary>
public sealed class WireTests
{
    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;
    private static readonly byte[] ChangeCipherSpec = [20, 3, 3, 0, 1, 1];

    [Fact]
    public void A_handshake_resembles_a_resumption_of_tls_12_and_only_its_first_record_has_another_version()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        Assert.Equal("22:0301 20:0303 23:0303", Shape(pair.Sent[Role.Client]));
        Assert.Equal("22:0303 20:0303 23:0303", Shape(pair.Sent[Role.Server]));
    }

    [Fact]
    public void A_handshake_with_a_second_hello_sends_each_change_cipher_spec_once()
    {
        using var pair = Tls13Ends.CreatePair(
            Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] }, Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }).Start().Run();
        Assert.True(pair.IsEstablished);
        Assert.Equal("22:0301 20:0303 22:0303 23:0303", Shape(pair.Sent[Role.Client]));
        Assert.Equal("22:0303 20:0303 22:0303 23:0303", Shape(pair.Sent[Role.Server]));
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_change_cipher_spec_is_discarded_during_the_handshake_and_rejected_after_it(Role sender)
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Alter = (from, bytes) => from == sender && bytes is [22, ..] ? [.. bytes[..EndOfRecord(bytes)], .. ChangeCipherSpec, .. bytes[EndOfRecord(bytes)..]] : bytes;
        pair.Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");

        pair[1 - sender].Deliver(ChangeCipherSpec, pair.Now);
        Assert.Equal(AlertDescription.UnexpectedMessage, pair[1 - sender].Error!.Alert);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Messages_can_be_split_into_records_anywhere(int length)
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Alter = (_, bytes) => bytes is [22, ..] ? Cut(bytes, length) : bytes;
        pair.Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(700)]
    [InlineData(int.MaxValue)]
    public void Protected_messages_can_be_split_into_records_anywhere_or_share_one(int length)
    {
        using var client = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client), Format, EnginePair.HandshakeTimeout));
        client.Engine.Start(default, client.Output);
        using var server = new ScriptedServer(HandshakeWire.Messages(client.TakeOutput())[0]);
        client.Deliver(HandshakeWire.Record(Format, Format.Handshake, server.ServerHello()), default);
        using var writer = new RecordWriter(Format);
        writer.UseKeys(server.DeriveWriteKeys());

        var flight = server.Rest().SelectMany(message => message).ToArray();
        var output = new ArrayBufferWriter<byte>();
        foreach (var part in flight.Chunk(Math.Min(length, flight.Length)))
            writer.Write(Format.Handshake, part, output);
        client.Deliver(output.WrittenSpan, default);
        Assert.True(client.IsEstablished, $"{client.Engine.End}");
    }

    [Fact]
    public void A_record_of_another_type_inside_a_message_is_an_unexpected_message()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Alter = (from, bytes) => from == Role.Client && bytes is [22, ..] ? [.. Cut(bytes, 100).AsSpan(0, 105), .. ChangeCipherSpec] : bytes;
        pair.Run();
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
    }

    /// <summary>The client has no keys for its alert yet. After a protected record, or when the handshake is complete, alerts must be protected.</summary>
    [Fact]
    public void A_client_that_rejects_the_server_hello_sends_an_unprotected_alert()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Alter = (from, bytes) =>
        {
            if (from == Role.Server && bytes is [22, ..])
                bytes[5 + 4] = 2;
            return bytes;
        };
        pair.Run();
        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.ProtocolVersion), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.ProtocolVersion), (pair.Server.Error!.Kind, pair.Server.Error.Alert));

        using var established = Tls13Ends.CreatePair().Start().Run();
        established.Server.Deliver(HandshakeWire.Record(Format, Format.Alert, 1, 0), established.Now);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (established.Server.Error!.Kind, established.Server.Error.Alert));
    }

    [Fact]
    public void An_unprotected_alert_after_a_protected_record_is_an_unexpected_message()
    {
        using var client = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client), Format, EnginePair.HandshakeTimeout));
        client.Engine.Start(default, client.Output);
        using var server = new ScriptedServer(HandshakeWire.Messages(client.TakeOutput())[0]);
        client.Deliver(HandshakeWire.Record(Format, Format.Handshake, server.ServerHello()), default);
        using var writer = new RecordWriter(Format);
        writer.UseKeys(server.DeriveWriteKeys());
        var output = new ArrayBufferWriter<byte>();
        writer.Write(Format.Handshake, server.EncryptedExtensions(), output);
        client.Deliver(output.WrittenSpan, default);
        Assert.Null(client.Error);

        client.Deliver(HandshakeWire.Record(Format, Format.Alert, 2, (byte)AlertDescription.HandshakeFailure), default);
        Assert.Equal(
            (SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage),
            (client.Error?.Kind, client.Error?.Code, client.Error?.Alert));
    }

    [Fact]
    public void A_valid_signature_by_a_scheme_that_was_not_offered_is_illegal()
    {
        // RFC 9846 section 4.5.2: "the signature algorithm MUST be one offered in the client's "signature_algorithms" extension".
        var parameters = Tls13Ends.Client with { SignatureSchemes = [SecureChannel.Cryptography.SignatureScheme.RsaPssRsaeSha256] };
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(parameters)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        client.Accept(server.ServerHello());
        foreach (var message in server.Rest())
            client.Accept(message);
        Assert.Equal(
            (SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter),
            (client.Error?.Kind, client.Error?.Code, client.Error?.Alert));
        Assert.Equal("The server signed with ecdsa_secp256r1_sha256, which was not offered.", client.Error!.Message);
    }

    [Fact]
    public void Data_after_a_server_hello_in_the_same_record_is_an_unexpected_message()
    {
        using var client = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client), Format, EnginePair.HandshakeTimeout));
        client.Engine.Start(default, client.Output);
        using var server = new ScriptedServer(HandshakeWire.Messages(client.TakeOutput())[0]);
        client.Deliver(HandshakeWire.Record(Format, Format.Handshake, [.. server.ServerHello(), .. server.EncryptedExtensions()]), default);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (client.Error!.Kind, client.Error.Alert));
    }

    [Fact]
    public void No_session_is_established_after_any_bit_is_changed()
    {
        using var good = Tls13Ends.CreatePair().Start().Run();
        var accepted = new System.Collections.Concurrent.ConcurrentBag<(Role, int)>();
        var positions = Enum.GetValues<Role>().SelectMany(from => Enumerable.Range(0, good.Sent[from].Count).Select(position => (from, position)));
        var free = Enum.GetValues<Role>().ToDictionary(from => from, from => LegacyVersions(good.Sent[from]));
        Parallel.ForEach(positions.Where(item => !free[item.from].Contains(item.position)), item =>
        {
            using var pair = Tls13Ends.CreatePair();
            // The length of a signature varies, so the last positions may be beyond the end.
            var isFlipped = false;
            pair.Alter = FlipAt(item.from, item.position, () => isFlipped = true);
            pair.Start().Run();
            if (pair.Client.IsEstablished)
                pair.Write(Role.Client, 1, 2, 3);
            pair.Run().Wait(EnginePair.HandshakeTimeout);
            if (isFlipped && (pair.Server.Received.Count > 0 || (pair.Client.Error is null && pair.Server.Error is null)))
                accepted.Add(item);
        });
        Assert.Empty(accepted);
    }

    // RFC 9846 section 5.1: the version of an unprotected record "MUST be ignored for all purposes".
    private static HashSet<int> LegacyVersions(List<byte> sent)
    {
        var positions = new HashSet<int>();
        for (var start = 0; start < sent.Count; start += 5 + (sent[start + 3] << 8) + sent[start + 4])
        {
            if (sent[start] != 23)
                positions.UnionWith([start + 1, start + 2]);
        }

        return positions;
    }

    private static Func<Role, byte[], byte[]> FlipAt(Role from, int position, Action flipped)
    {
        var sent = 0;
        return (role, bytes) =>
        {
            if (role != from)
                return bytes;
            if (position >= sent && position < sent + bytes.Length)
            {
                bytes[position - sent] ^= (byte)(1 << (position % 8));
                flipped();
            }

            sent += bytes.Length;
            return bytes;
        };
    }

    private static int EndOfRecord(byte[] bytes) => RecordFormat.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(3));

    private static string Shape(List<byte> sent)
    {
        var records = new List<string>();
        for (var start = 0; start < sent.Count; start += 5 + (sent[start + 3] << 8) + sent[start + 4])
            records.Add($"{sent[start]}:{sent[start + 1]:x2}{sent[start + 2]:x2}");
        return string.Join(' ', records);
    }

    // Splits the first record.
    private static byte[] Cut(byte[] bytes, int length)
    {
        var end = EndOfRecord(bytes);
        return [.. bytes[5..end].Chunk(length).SelectMany(part => HandshakeWire.Record(Format, Format.Handshake, part)), .. bytes[end..]];
    }
}
