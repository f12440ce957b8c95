using System.Text.RegularExpressions;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tests.KeyTransport;

namespace SecureChannel.Tests.Engine;

/// <summary>The codes of the main failures of a handshake and its records.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;

    /// <summary>Gets the last code of each kind, in the order of the codes.</summary>
    private static readonly (SessionErrorKind Kind, SessionErrorCode Last)[] Kinds =
    [
        (SessionErrorKind.MalformedMessage, SessionErrorCode.RecordTooLarge),
        (SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly),
        (SessionErrorKind.Incompatible, SessionErrorCode.UnknownServerName),
        (SessionErrorKind.UntrustedPeer, SessionErrorCode.UnknownPreSharedKey),
        (SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived),
        (SessionErrorKind.Truncated, SessionErrorCode.Truncated),
        (SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout),
        (SessionErrorKind.LocalError, SessionErrorCode.ConnectionRejected),
        (SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed),
        (SessionErrorKind.Closed, SessionErrorCode.ClosedByPeer),
    ];

    [Fact]
    public void Every_error_in_the_code_has_a_kind_that_agrees_with_its_code()
    {
        string[] folders = ["Engine", "Records", "Tls13", "KeyTransport", "Trust", "Sessions", "Protocols"];
        var pairs = folders.SelectMany(folder => Repository.Files($"src/SecureChannel/{folder}", ".cs"))
            .SelectMany(file => KindAndCode().Matches(File.ReadAllText(Repository.PathOf(file))).Select(match => (file, match)))
            .Select(item => (item.file, Kind: Enum.Parse<SessionErrorKind>(item.match.Groups[1].Value), Code: Enum.Parse<SessionErrorCode>(item.match.Groups[2].Value)))
            .ToList();
        Assert.True(pairs.Count > 30);
        Assert.All(pairs, pair => Assert.Equal((pair.file, KindOf(pair.Code)), (pair.file, pair.Kind)));
    }

    [Fact]
    public void A_flipped_bit_is_a_bad_record()
    {
        using var pair = Establish();
        pair.Write(Role.Client, 1);
        var bytes = pair.Client.TakeOutput();
        bytes[^1] ^= 1;
        pair.Server.Deliver(bytes, pair.Now);
        AssertCode(pair.Server, SessionErrorKind.ProtocolViolation, SessionErrorCode.BadRecord, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void A_record_or_message_above_its_limit_is_too_large()
    {
        using var record = Establish();
        record.Server.Deliver([Format.ApplicationData, 3, 3, 0x41, 1], record.Now);
        AssertCode(record.Server, SessionErrorKind.MalformedMessage, SessionErrorCode.RecordTooLarge, AlertDescription.RecordOverflow);

        using var message = Tls13Ends.CreatePair().Start();
        message.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, 1, 1, 0, 0), message.Now);
        AssertCode(message.Server, SessionErrorKind.MalformedMessage, SessionErrorCode.MessageTooLarge, AlertDescription.GeneralError);
    }

    [Fact]
    public void A_malformed_or_unexpected_message_has_its_code()
    {
        using var malformed = Tls13Ends.CreatePair().Start();
        malformed.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, 1, 0, 0, 1, 0), malformed.Now);
        AssertCode(malformed.Server, SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError);

        using var unexpected = Tls13Ends.CreatePair().Start();
        unexpected.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, 20, 0, 0, 1, 0), unexpected.Now);
        AssertCode(unexpected.Server, SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_changed_message_in_key_transport_is_a_bad_finished_value()
    {
        using var pair = KeyTransportEnds.CreatePair();
        pair.Alter = (from, bytes) =>
        {
            // The wrapped key of ClientKey.
            if (from == Role.Client && bytes.Length > 5 && bytes[5] == 3)
                bytes[100] ^= 1;
            return bytes;
        };
        pair.Start().Run();
        AssertCode(pair.Server, SessionErrorKind.ProtocolViolation, SessionErrorCode.BadFinished, AlertDescription.DecryptError);
    }

    [Fact]
    public void Endpoints_without_common_parameters_have_a_code_for_each()
    {
        using var suites = Tls13Ends.CreatePair(
            Tls13Ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256] }, Tls13Ends.Server with { CipherSuites = [CipherSuite.Aes256GcmSha384] }).Start().Run();
        AssertCode(suites.Server, SessionErrorKind.Incompatible, SessionErrorCode.NoCommonCipherSuite, AlertDescription.HandshakeFailure);
        using var groups = Tls13Ends.CreatePair(
            Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1] }, Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }).Start().Run();
        AssertCode(groups.Server, SessionErrorKind.Incompatible, SessionErrorCode.NoCommonGroup, AlertDescription.HandshakeFailure);
        using var schemes = Tls13Ends.CreatePair(Tls13Ends.Client with { SignatureSchemes = [SignatureScheme.RsaPssRsaeSha256] }).Start().Run();
        AssertCode(schemes.Server, SessionErrorKind.Incompatible, SessionErrorCode.NoCommonSignatureScheme, AlertDescription.HandshakeFailure);
        using var other = KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { Cryptography = new LimitedProvider(AeadAlgorithm.Aes128Gcm) },
            KeyTransportEnds.Server with { Cryptography = new LimitedProvider(AeadAlgorithm.Aes256Gcm) }).Start().Run();
        AssertCode(other.Server, SessionErrorKind.Incompatible, SessionErrorCode.NoCommonCipherSuite, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void A_client_without_TLS_1_3_has_no_common_version()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        var hello = HandshakeWire.Messages(pair.Client.TakeOutput()).Single();

        // In supported_versions, the version 0x0304 follows a reserved value and becomes 0x0303.
        var at = hello.AsSpan().IndexOf((byte[])[0, 43, 0, 5, 4]);
        Assert.Equal([3, 4], hello[(at + 7)..(at + 9)]);
        hello[at + 8] = 3;
        pair.Server.Deliver(HandshakeWire.Record(Format, Format.Handshake, hello), pair.Now);
        AssertCode(pair.Server, SessionErrorKind.Incompatible, SessionErrorCode.NoCommonVersion, AlertDescription.ProtocolVersion);
    }

    [Fact]
    public void A_certificate_that_is_not_accepted_is_rejected()
    {
        using var other = DevelopmentAuthority.Create("Other");
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { Trust = TrustPolicy.FromAuthorities(other.Certificate) }).Start().Run();
        AssertCode(pair.Client, SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.UnknownCa);
        AssertCode(pair.Server, SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.UnknownCa);
        Assert.False(ChainHarness.TryValidate([], "a", CertificatePurpose.TlsServer, TrustPolicy.FromAuthorities(other.Certificate), DateTimeOffset.UtcNow, out _, out var missing));
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.DecodeError), (missing.Kind, missing.Code, missing.Alert));
        Assert.False(ChainHarness.TryValidate([new byte[3]], "a", CertificatePurpose.TlsServer, TrustPolicy.FromAuthorities(other.Certificate), DateTimeOffset.UtcNow, out _, out var garbage));
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.BadCertificate), (garbage.Kind, garbage.Code, garbage.Alert));
    }

    [Fact]
    public void A_stalled_handshake_has_the_code_of_its_timeout()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        pair.Wait(EnginePair.HandshakeTimeout);
        AssertCode(pair.Client, SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout, AlertDescription.GeneralError);
    }

    [Fact]
    public void A_flood_has_its_code()
    {
        using var pair = Establish();
        var writer = HandshakeWire.WriterOf(pair.Client);
        for (var n = 0; n < 33; n++)
            writer.Write(Format.ApplicationData, [], pair.Client.Output);
        pair.Run();
        AssertCode(pair.Server, SessionErrorKind.ProtocolViolation, SessionErrorCode.Flood, AlertDescription.UnexpectedMessage);
    }

    private static SessionErrorKind KindOf(SessionErrorCode code) => Kinds.First(kind => code <= kind.Last).Kind;

    private static EnginePair Establish()
    {
        var pair = Tls13Ends.CreatePair().Start().Run();
        Assert.True(pair.IsEstablished);
        return pair;
    }

    private static void AssertCode(EngineEnd end, SessionErrorKind kind, SessionErrorCode code, AlertDescription alert) =>
        Assert.Equal((kind, code, alert), (end.Error?.Kind, end.Error?.Code, end.Error?.Alert));

    [GeneratedRegex(@"SessionErrorKind\.(\w+),\s*SessionErrorCode\.(\w+)")]
    private static partial Regex KindAndCode();
}
