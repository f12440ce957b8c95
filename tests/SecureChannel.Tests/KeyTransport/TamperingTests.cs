using System.Collections.Concurrent;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.KeyTransport;
using SecureChannel.Messages;
using SecureChannel.Testing;

namespace SecureChannel.Tests.KeyTransport;

public sealed class TamperingTests
{
    private static readonly RecordFormat Format = SessionSecurity.KeyTransport.Handshake!.Records;

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_changed_bit_at_any_position_fails_the_handshake_and_no_data_is_accepted(Role from)
    {
        using var good = KeyTransportEnds.CreatePair().Start().Run();
        var accepted = new ConcurrentBag<int>();
        Parallel.For(0, good.Sent[from].Count, position =>
        {
            using var pair = KeyTransportEnds.CreatePair();
            pair.Alter = FlipAt(from, position);
            pair.Start().Run();
            var wasEstablished = pair.IsEstablished;
            if (pair.Client.IsEstablished)
                pair.Write(Role.Client, 1, 2, 3);
            pair.Run().Wait(EnginePair.HandshakeTimeout);
            var failed = pair.Client.Error is not null || pair.Server.Error is not null;
            if (wasEstablished || pair.Server.Received.Count > 0 || !failed)
                accepted.Add(position);
        });
        Assert.Empty(accepted);
    }

    [Fact]
    public void A_bad_wrapped_key_and_a_bad_finished_value_are_indistinguishable_on_the_wire()
    {
        var good = FinishWith(key => key, finished => finished);
        (string Name, List<byte[]> Answers, SessionError? Error)[] bad =
        [
            ("finished", FinishWith(key => key, finished => Flip(finished, 10), out var finishedError), finishedError),
            ("wrapping", FinishWith(key => Flip(key, 100), finished => finished, out var wrappingError), wrappingError),
            ("short wrapping", FinishWith(_ => HandshakeWire.Frame(new ClientKey(new byte[3])), finished => finished, out var shortError), shortError),
            ("long wrapping", FinishWith(_ => HandshakeWire.Frame(new ClientKey(new byte[5000])), finished => finished, out var longError), longError),
            ("both", FinishWith(key => Flip(key, 100), finished => Flip(finished, 10), out var bothError), bothError),
        ];

        Assert.All(bad, item =>
        {
            Assert.Empty(item.Answers[0]);
            Assert.Equal(HandshakeWire.Record(Format, Format.Alert, 2, (byte)AlertDescription.DecryptError), item.Answers[1]);
            Assert.Equal(finishedError, item.Error);
        });
        Assert.NotEqual(bad[0].Answers[1], good[1]);
    }

    [Theory]
    [MemberData(nameof(IllegalAnswers))]
    public void A_selection_that_was_not_proposed_is_an_illegal_parameter(string name, object change)
    {
        using var pair = KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { Session = new() { IdleTimeout = TimeSpan.FromSeconds(10) }, ApplicationProtocols = ["bank/1"] });
        pair.Alter = (from, bytes) => from == Role.Server && bytes is [0xA1, ..] ? Rewrite(bytes, (Func<ServerCertificate, ServerCertificate>)change) : bytes;
        pair.Start().Run();

        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.IllegalParameter), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
        Assert.NotEmpty(name);
    }

    // "SecureCh", version 1, an idle timeout of 0, no keep-alive, messages of at most 1 MiB.
    private static byte[] ParametersWithIdleTimeoutZero => Convert.FromHexString("5365637572654368" + "01" + "0100000000" + "00" + "00100000");

    public static TheoryData<string, object> IllegalAnswers() => new()
    {
        { "version", (Func<ServerCertificate, ServerCertificate>)(answer => answer with { Version = (HandshakeVersion)2 }) },
        { "suite", (Func<ServerCertificate, ServerCertificate>)(answer => answer with { Suite = (CipherSuite)0x1305 }) },
        { "kem", (Func<ServerCertificate, ServerCertificate>)(answer => answer with { KeyTransportAlgorithm = (KeyTransportAlgorithm)9 }) },
        { "protocol", (Func<ServerCertificate, ServerCertificate>)(answer => answer with { ApplicationProtocol = new ApplicationProtocol("chat/1") }) },
        { "idle timeout of 0", (Func<ServerCertificate, ServerCertificate>)(answer => answer with { Parameters = ParametersWithIdleTimeoutZero }) },
    };

    [Fact]
    public void A_proposal_of_an_idle_timeout_of_0_is_an_illegal_parameter()
    {
        using var pair = KeyTransportEnds.CreatePair();
        pair.Alter = (from, bytes) => from == Role.Client && bytes is [0xA1, ..] ? Rewrite<ClientRequest>(bytes, request => request with { Parameters = ParametersWithIdleTimeoutZero }) : bytes;
        pair.Start().Run();
        Assert.Equal(AlertDescription.IllegalParameter, pair.Server.Error!.Alert);
    }

    [Fact]
    public void Every_truncated_or_extended_message_is_malformed()
    {
        using var good = KeyTransportEnds.CreatePair().Start().Run();
        var request = HandshakeWire.Messages([.. good.Sent[Role.Client]])[0];
        byte[][] bodies = [.. Enumerable.Range(0, request.Length - 4).Select(length => request[4..(4 + length)]), [.. request[4..], 0]];
        foreach (var body in bodies)
        {
            using var pair = KeyTransportEnds.CreatePair().Start();
            pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, [request[0], 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]), pair.Now);
            Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
            Assert.Contains("ClientRequest", pair.Server.Error.Message, StringComparison.Ordinal);
        }
    }

    private static Func<Role, byte[], byte[]> FlipAt(Role from, int position)
    {
        var sent = 0;
        return (role, bytes) =>
        {
            if (role != from)
                return bytes;
            if (position >= sent && position < sent + bytes.Length)
                bytes[position - sent] ^= (byte)(1 << (position % 8));
            sent += bytes.Length;
            return bytes;
        };
    }

    private static List<byte[]> FinishWith(Func<byte[], byte[]> key, Func<byte[], byte[]> finished) => FinishWith(key, finished, out _);

    // Returns the server's answer to each of the client's last two messages.
    private static List<byte[]> FinishWith(Func<byte[], byte[]> key, Func<byte[], byte[]> finished, out SessionError? error)
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        pair.Carry(Role.Client);
        pair.Carry(Role.Server);
        var messages = HandshakeWire.Messages(pair.Client.TakeOutput());
        var answers = new List<byte[]>();
        foreach (var message in new[] { key(messages[0]), finished(messages[1]) })
        {
            pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, message), pair.Now);
            answers.Add(pair.Server.TakeOutput());
        }

        error = pair.Server.Error;
        return answers;
    }

    private static byte[] Flip(byte[] bytes, int position)
    {
        bytes = [.. bytes];
        bytes[position] ^= 1;
        return bytes;
    }

    private static byte[] Rewrite<TMessage>(byte[] record, Func<TMessage, TMessage> change)
        where TMessage : ICodedMessage<TMessage>
    {
        var message = HandshakeWire.Messages(record)[0];
        return message[0] != TMessage.Code || !WireSerializer.TryRead<TMessage>(message.AsSpan(4), out var read, out _)
            ? record
            : HandshakeWire.Record(Format, Format.Handshake, HandshakeWire.Frame(change(read)));
    }
}
