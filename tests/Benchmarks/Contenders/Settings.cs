using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Nerdbank.MessagePack;
using ProtoBuf;
using ProtoBuf.Meta;
using SecureChannel.Benchmarks.Shapes;

namespace SecureChannel.Benchmarks.Contenders;

/// <summary>The settings of the contenders.</summary>
public static class Settings
{
    private static readonly Utf8JsonWriter JsonWriter = new(Stream.Null);

    /// <summary>Gets the serializer of Nerdbank.MessagePack with its default settings.</summary>
    public static MessagePackSerializer Nerdbank { get; } = new();

    /// <summary>Gets the model of protobuf-net with a surrogate for <see cref="DateTimeOffset"/>, which it does not support.</summary>
    public static RuntimeTypeModel ProtobufNet { get; } = CreateModel();

    /// <summary>Writes JSON with a reused writer.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int WriteJson<T>(ArrayBufferWriter<byte> buffer, T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        JsonWriter.Reset(buffer);
        JsonSerializer.Serialize(JsonWriter, value, type);
        return buffer.WrittenCount;
    }

    private static RuntimeTypeModel CreateModel()
    {
        var model = RuntimeTypeModel.Create();
        model.Add<DateTimeOffset>(false).SetSurrogate(typeof(Instant));
        model.Add<Small>();
        model.Add<Medium>();
        model.Add<Large>();
        model.CompileInPlace();
        return model;
    }
}

/// <summary>A time stamp for protobuf-net.</summary>
[ProtoContract]
public struct Instant
{
    [ProtoMember(1, DataFormat = DataFormat.FixedSize)]
    public long Ticks { get; set; }

    public static implicit operator Instant(DateTimeOffset value) => new() { Ticks = value.UtcTicks };

    public static implicit operator DateTimeOffset(Instant value) => new(value.Ticks, TimeSpan.Zero);
}

/// <summary>The generated serializers of System.Text.Json for the shapes.</summary>
[JsonSerializable(typeof(Small)), JsonSerializable(typeof(Medium)), JsonSerializable(typeof(Large))]
public sealed partial class Json : JsonSerializerContext;
