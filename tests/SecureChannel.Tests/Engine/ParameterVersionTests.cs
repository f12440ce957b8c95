using System.Buffers.Binary;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>Endpoints with different versions of the session parameters, which determine the framing and the control records.</summary>
public sealed class ParameterVersionTests
{
    private static readonly SessionParameters Later = new() { Version = 2, IdleTimeout = TimeSpan.FromSeconds(20), KeepAliveInterval = TimeSpan.FromSeconds(5) };
    private static readonly SessionParameters Earlier = new() { Version = 1, IdleTimeout = TimeSpan.FromSeconds(10) };

    public static TheoryData<bool, bool> Pairs { get; } = new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Endpoints_of_different_versions_use_the_lower_one(bool isTls, bool isClientLater)
    {
        var (client, server) = isClientLater ? (Later, Earlier) : (Earlier, Later);
        using var pair = isTls
            ? Tls13Ends.CreatePair(Tls13Ends.Client with { Session = client }, Tls13Ends.Server with { Session = server })
            : KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { Session = client }, KeyTransportEnds.Server with { Session = server });
        pair.Start().Run();

        foreach (var end in (EngineEnd[])[pair.Client, pair.Server])
        {
            var negotiated = end.Engine.Negotiated!;
            Assert.Equal(1, negotiated.ParametersVersion);
            Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), (negotiated.IdleTimeout, negotiated.KeepAliveInterval));
        }
    }

    // In 0.1, the first message ended with an optional idle timeout instead of the session parameters.
    [Theory]
    [InlineData("00")]
    [InlineData("010001D4C0")]
    public void A_key_transport_client_of_version_0_1_is_refused(string idleTimeout)
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        var request = pair.Client.TakeOutput().ToArray();
        var parameters = KeyTransportEnds.Client.Session.Encode().Length;
        byte[] old = [.. request[..^(parameters + 2)], .. Convert.FromHexString(idleTimeout)];
        BinaryPrimitives.WriteUInt16BigEndian(old.AsSpan(3), (ushort)(old.Length - 5));
        BinaryPrimitives.WriteUInt16BigEndian(old.AsSpan(7), (ushort)(old.Length - 9));

        pair.Server.Deliver(old, default);

        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (pair.Server.Error?.Kind, pair.Server.Error?.Alert));
        Assert.Contains("Parameters", pair.Server.Error!.Message, StringComparison.Ordinal);
    }
}
