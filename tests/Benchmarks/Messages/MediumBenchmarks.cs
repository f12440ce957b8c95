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

/// <summary>Writes and reads the medium shape with every contender.</summary>
[MemoryDiagnoser(displayGenColumns: false), GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class MediumBenchmarks
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    private readonly byte[] _span = new byte[1 << 20];
    private readonly Medium _value = Medium.Create(7);
    private readonly MediumMessage _protobufValue;
    private readonly byte[] _memoryPack;
    private readonly byte[] _secureChannel;
    private readonly byte[] _messagePack;
    private readonly byte[] _nerdbank;
    private readonly byte[] _protobuf;
    private readonly byte[] _protobufNet;
    private readonly byte[] _json;

    public MediumBenchmarks()
    {
        _protobufValue = ProtobufShapes.From(_value);
        _memoryPack = MemoryPackSerializer.Serialize(_value);
        _secureChannel = WireSerializer.ToArray(_value);
        _messagePack = MessagePack.MessagePackSerializer.Serialize(_value);
        _nerdbank = Settings.Nerdbank.Serialize(_value);
        _protobuf = _protobufValue.ToByteArray();
        Settings.ProtobufNet.Serialize(_buffer, _value);
        _protobufNet = _buffer.WrittenSpan.ToArray();
        _json = JsonSerializer.SerializeToUtf8Bytes(_value, Json.Default.Medium);
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
        return Settings.WriteJson(_buffer, _value, Json.Default.Medium);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("read")]
    public Medium? Read_MemoryPack() => MemoryPackSerializer.Deserialize<Medium>(_memoryPack);

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_SecureChannel() => WireSerializer.TryRead<Medium>(_secureChannel, out var value, out _) ? value : null;

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_HandWritten() => HandWritten.Read(_secureChannel, out Medium? value) == WireErrorReason.None ? value : null;

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_MessagePack() => MessagePack.MessagePackSerializer.Deserialize<Medium>(_messagePack);

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_NerdbankMessagePack() => Settings.Nerdbank.Deserialize<Medium>(_nerdbank);

    [Benchmark, BenchmarkCategory("read")]
    public MediumMessage Read_GoogleProtobuf() => MediumMessage.Parser.ParseFrom(_protobuf);

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_ProtobufNet() => Settings.ProtobufNet.Deserialize<Medium>((ReadOnlyMemory<byte>)_protobufNet);

    [Benchmark, BenchmarkCategory("read")]
    public Medium? Read_SystemTextJson() => JsonSerializer.Deserialize(_json, Json.Default.Medium);

    /// <summary>Reads a fully validated view of the same bytes and sums every field, with the length of each vector.</summary>
    [Benchmark, BenchmarkCategory("read")]
    public long Read_SecureChannelView() => WireSerializer.TryRead<MediumView>(_secureChannel, out var view, out _) ? Views.SumFields(view) : -1;

    /// <summary>Reads a fully validated view of the same bytes and sums every byte and number of every field.</summary>
    [Benchmark, BenchmarkCategory("read")]
    public long Read_SecureChannelViewOfContent() => WireSerializer.TryRead<MediumView>(_secureChannel, out var view, out _) ? Views.SumContent(view) : -1;
}
