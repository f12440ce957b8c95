using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Google.Protobuf;
using MemoryPack;
using SecureChannel.Benchmarks.Contenders;
using SecureChannel.Benchmarks.Protobuf;
using SecureChannel.Benchmarks.Shapes;
using SecureChannel.Messages;

namespace SecureChannel.Benchmarks.Messages;

/// <summary>Writes and reads the large shape with every contender.</summary>
[MemoryDiagnoser(displayGenColumns: false), GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class LargeBenchmarks
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    private readonly byte[] _span = new byte[1 << 20];
    private readonly Large _value = Large.Create();
    private readonly LargeMessage _protobufValue;
    private readonly byte[] _memoryPack;
    private readonly byte[] _secureChannel;
    private readonly byte[] _messagePack;
    private readonly byte[] _nerdbank;
    private readonly byte[] _protobuf;
    private readonly byte[] _protobufNet;
    private readonly byte[] _json;

    public LargeBenchmarks()
    {
        _protobufValue = ProtobufShapes.From(_value);
        _memoryPack = MemoryPackSerializer.Serialize(_value);
        _secureChannel = WireSerializer.ToArray(_value);
        _messagePack = MessagePack.MessagePackSerializer.Serialize(_value);
        _nerdbank = Settings.Nerdbank.Serialize(_value);
        _protobuf = _protobufValue.ToByteArray();
        Settings.ProtobufNet.Serialize(_buffer, _value);
        _protobufNet = _buffer.WrittenSpan.ToArray();
        _json = JsonSerializer.SerializeToUtf8Bytes(_value, Json.Default.Large);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("write")]
    public int Write_MemoryPack()
    {
        _buffer.ResetWrittenCount();
        MemoryPackSerializer.Serialize(_buffer, _value);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_SecureChannel()
    {
        _buffer.ResetWrittenCount();
        WireSerializer.Write(_buffer, _value);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_SecureChannelSpan() => WireSerializer.Write(_span, _value);

    [Benchmark, BenchmarkCategory("write")]
    public int Write_HandWrittenSpan() => HandWritten.Write(_span, _value);

    [Benchmark, BenchmarkCategory("write")]
    public int Write_MessagePack()
    {
        _buffer.ResetWrittenCount();
        MessagePack.MessagePackSerializer.Serialize(_buffer, _value);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_NerdbankMessagePack()
    {
        _buffer.ResetWrittenCount();
        Settings.Nerdbank.Serialize(_buffer, _value);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_GoogleProtobuf()
    {
        _buffer.ResetWrittenCount();
        _protobufValue.WriteTo(_buffer);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_ProtobufNet()
    {
        _buffer.ResetWrittenCount();
        Settings.ProtobufNet.Serialize(_buffer, _value);
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("write")]
    public int Write_SystemTextJson()
    {
        _buffer.ResetWrittenCount();
        return Settings.WriteJson(_buffer, _value, Json.Default.Large);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("read")]
    public Large? Read_MemoryPack() => MemoryPackSerializer.Deserialize<Large>(_memoryPack);

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_SecureChannel() => WireSerializer.TryRead<Large>(_secureChannel, out var value, out _) ? value : null;

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_HandWritten() => HandWritten.Read(_secureChannel, out Large? value) == WireErrorReason.None ? value : null;

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_MessagePack() => MessagePack.MessagePackSerializer.Deserialize<Large>(_messagePack);

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_NerdbankMessagePack() => Settings.Nerdbank.Deserialize<Large>(_nerdbank);

    [Benchmark, BenchmarkCategory("read")]
    public LargeMessage Read_GoogleProtobuf() => LargeMessage.Parser.ParseFrom(_protobuf);

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_ProtobufNet() => Settings.ProtobufNet.Deserialize<Large>((ReadOnlyMemory<byte>)_protobufNet);

    [Benchmark, BenchmarkCategory("read")]
    public Large? Read_SystemTextJson() => JsonSerializer.Deserialize(_json, Json.Default.Large);
}
