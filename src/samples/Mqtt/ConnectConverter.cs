using System.Diagnostics.CodeAnalysis;
using SecureChannel.Messages;

namespace Samples.Mqtt311;

/// <summary>Reads and writes the content of a CONNECT packet, whose flags decide which fields are present (sections 3.1.2.3 and 3.1.3).</summary>
public sealed class ConnectConverter : IConverter<ConnectContent>
{
    private const int WillQualityShift = 3;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Reserved = 1,
        CleanSession = 1 << 1,
        Will = 1 << 2,
        WillQuality = 3 << WillQualityShift,
        WillRetain = 1 << 5,
        Password = 1 << 6,
        UserName = 1 << 7,
    }

    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out ConnectContent value)
    {
        value = null;
        if (!reader.TryReadByte(out var level))
            return false;
        return level == Connect.Level ? TryReadOptions(ref reader, out value) : TryReadRest(ref reader, level, out value);
    }

    public static void Write(scoped ref WireWriter writer, ConnectContent value)
    {
        if (value is ConnectOptions options)
        {
            WriteOptions(ref writer, options);
        }
        else if (value is UnsupportedConnect unsupported)
        {
            writer.WriteByte(unsupported.Level);
            writer.WriteRemainder(0, MqttFraming.MaxRemainingLength, unsupported.Rest.Span);
        }
    }

    private static bool TryReadRest(scoped ref WireReader reader, byte level, out ConnectContent value)
    {
        var isRead = reader.TryReadRemainder(out var rest);
        value = new UnsupportedConnect(level, rest.ToArray());
        return isRead;
    }

    private static bool TryReadOptions(scoped ref WireReader reader, [MaybeNullWhen(false)] out ConnectContent value)
    {
        value = null;
        if (!reader.TryReadByte(out var bits))
            return false;
        var flags = (Flags)bits;
        Check(flags);
        if (!reader.TryReadUInt16(out var keepAlive))
            return false;
        if (!Text.TryRead(ref reader, out var clientId))
            return reader.FailAt(nameof(ConnectOptions.ClientId));
        Will? will = null;
        if (flags.HasFlag(Flags.Will) && !TryReadWill(ref reader, flags, out will))
            return reader.FailAt(nameof(ConnectOptions.Will));
        string? userName = null;
        if (flags.HasFlag(Flags.UserName) && !Text.TryRead(ref reader, out userName))
            return reader.FailAt(nameof(ConnectOptions.UserName));
        ReadOnlyMemory<byte>? password = null;
        if (flags.HasFlag(Flags.Password))
        {
            if (!reader.TryReadBytes(0, Text.MaxSize, out var secret))
                return reader.FailAt(nameof(ConnectOptions.Password));
            password = secret.ToArray();
        }

        value = new ConnectOptions(clientId)
        {
            CleanSession = flags.HasFlag(Flags.CleanSession),
            KeepAlive = keepAlive,
            Will = will,
            UserName = userName,
            Password = password,
        };
        return true;
    }

    private static bool TryReadWill(scoped ref WireReader reader, Flags flags, [NotNullWhen(true)] out Will? will)
    {
        will = null;
        if (!TopicName.TryRead(ref reader, out var topic) || !reader.TryReadBytes(0, Text.MaxSize, out var payload))
            return false;
        will = new Will(topic, payload.ToArray(), (QualityOfService)((int)(flags & Flags.WillQuality) >> WillQualityShift), flags.HasFlag(Flags.WillRetain));
        return true;
    }

    private static void WriteOptions(scoped ref WireWriter writer, ConnectOptions options)
    {
        var flags = (options.CleanSession ? Flags.CleanSession : Flags.None)
            | (options.UserName is null ? Flags.None : Flags.UserName)
            | (options.Password is null ? Flags.None : Flags.Password);
        var will = options.Will;
        if (will is not null)
            flags |= Flags.Will | (Flags)((int)will.QualityOfService << WillQualityShift) | (will.IsRetained ? Flags.WillRetain : Flags.None);
        Check(flags);
        writer.WriteByte(Connect.Level);
        writer.WriteByte((byte)flags);
        writer.WriteUInt16(options.KeepAlive);
        Text.Write(ref writer, options.ClientId);
        if (will is not null)
        {
            TopicName.Write(ref writer, will.Topic);
            writer.WriteBytes(0, Text.MaxSize, will.Payload.Span);
        }

        if (options.UserName is { } userName)
            Text.Write(ref writer, userName);
        if (options.Password is { } password)
            writer.WriteBytes(0, Text.MaxSize, password.Span);
    }

    private static void Check(Flags flags)
    {
        if (flags.HasFlag(Flags.Reserved))
            throw new ArgumentException("the reserved connect flag is 1 (MQTT 3.1.1 section 3.1.2.3)");
        if (!flags.HasFlag(Flags.Will) && (flags & (Flags.WillQuality | Flags.WillRetain)) != 0)
            throw new ArgumentException("the connect flags have will options but no will (MQTT 3.1.1 sections 3.1.2.6 and 3.1.2.7)");
        if ((flags & Flags.WillQuality) == Flags.WillQuality)
            throw new ArgumentException("the will has the invalid QoS 3 (MQTT 3.1.1 section 3.1.2.6)");
        if (flags.HasFlag(Flags.Password) && !flags.HasFlag(Flags.UserName))
            throw new ArgumentException("the packet has a password but no user name (MQTT 3.1.1 section 3.1.2.9)");
    }
}
