using System.Reflection;
using BenchmarkDotNet.Attributes;
using MemoryPack;
using SecureChannel.Benchmarks.Contenders;
using SecureChannel.Benchmarks.Messages;
using SecureChannel.Benchmarks.Shapes;
using SecureChannel.Messages;

namespace SecureChannel.Benchmarks.Tests;

/// <summary>The benchmarks are comparable: each contender carries all values of each shape.</summary>
public sealed class ContenderTests
{
    public static TheoryData<Type, string> Reads => Methods("Read_");

    public static TheoryData<Type, string> Writes => Methods("Write_");

    [Theory]
    [MemberData(nameof(Reads))]
    public void Contender_reads_the_values_that_were_written(Type shape, string method)
    {
        var expected = Encode(Value(shape));
        switch (Invoke(shape, method))
        {
            case Protobuf.SmallMessage message:
                Assert.Equal(ProtobufShapes.From(Small.Create(7)), message);
                break;
            case Protobuf.MediumMessage message:
                Assert.Equal(ProtobufShapes.From(Medium.Create(7)), message);
                break;
            case Protobuf.LargeMessage message:
                Assert.Equal(ProtobufShapes.From(Large.Create()), message);
                break;
            case long sum:
                Assert.Equal(Sum(Medium.Create(7), ofContent: method.EndsWith("OfContent", StringComparison.Ordinal)), sum);
                break;
            case var value:
                Assert.Equal(expected, Encode(value!));
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void Contender_writes_all_values_of_the_shape(Type shape, string method)
    {
        var size = Assert.IsType<int>(Invoke(shape, method));
        // With integers of variable size and the bytes of a GUID, an encoding cannot have half the size.
        Assert.InRange(size, Encode(Value(shape)).Length / 2, Encode(Value(shape)).Length * 4);
    }

    [Fact]
    public void Encoded_messages_are_at_most_as_large_as_those_of_MemoryPack()
    {
        Assert.InRange(WireSerializer.GetSize(Small.Create(7)), 1, MemoryPackSerializer.Serialize(Small.Create(7)).Length);
        Assert.InRange(WireSerializer.GetSize(Medium.Create(7)), 1, MemoryPackSerializer.Serialize(Medium.Create(7)).Length);
        Assert.InRange(WireSerializer.GetSize(Large.Create()), 1, MemoryPackSerializer.Serialize(Large.Create()).Length);
    }

    [Theory]
    [InlineData(typeof(SmallBenchmarks))]
    [InlineData(typeof(MediumBenchmarks))]
    [InlineData(typeof(LargeBenchmarks))]
    public void Writing_allocates_nothing(Type shape)
    {
        Assert.Equal(0, Allocated<int>(shape, "Write_SecureChannel"));
        Assert.Equal(0, Allocated<int>(shape, "Write_SecureChannelSpan"));
    }

    [Fact]
    public void Reading_allocates_only_the_objects()
    {
        Assert.Equal(Allocated<Small?>(typeof(SmallBenchmarks), "Read_MemoryPack"), Allocated<Small?>(typeof(SmallBenchmarks), "Read_SecureChannel"));
        Assert.Equal(Allocated<Medium?>(typeof(MediumBenchmarks), "Read_MemoryPack"), Allocated<Medium?>(typeof(MediumBenchmarks), "Read_SecureChannel"));
        Assert.Equal(Allocated<Large?>(typeof(LargeBenchmarks), "Read_MemoryPack"), Allocated<Large?>(typeof(LargeBenchmarks), "Read_SecureChannel"));
        Assert.Equal(0, Allocated<long>(typeof(MediumBenchmarks), "Read_SecureChannelView"));
    }

    private static long Allocated<T>(Type shape, string method)
    {
        var call = shape.GetMethod(method)!.CreateDelegate<Func<T>>(Activator.CreateInstance(shape));
        return Testing.Allocation.Of(() => call());
    }

    private static object? Invoke(Type shape, string method) => shape.GetMethod(method)!.Invoke(Activator.CreateInstance(shape), null);

    private static object Value(Type shape) =>
        shape == typeof(SmallBenchmarks) ? Small.Create(7) : shape == typeof(MediumBenchmarks) ? Medium.Create(7) : Large.Create();

    private static byte[] Encode(object value) => value switch
    {
        Small small => WireSerializer.ToArray(small),
        Medium medium => WireSerializer.ToArray(medium),
        _ => WireSerializer.ToArray((Large)value),
    };

    private static long Sum(Medium medium, bool ofContent) =>
        (ofContent
            ? medium.Title.Concat(medium.Owner.Name).Sum(character => character) + medium.Content.Sum(value => value) + medium.Numbers.Sum(value => (long)value)
            : medium.Title.Length + medium.Content.Length + (4 * medium.Numbers.Length) + medium.Owner.Name.Length)
        + medium.Owner.Number + medium.Owner.Account + (medium.Owner.IsOpen ? 1 : 0) + medium.Owner.Id.Version
        + (int)medium.State + medium.At.UtcTicks + (medium.Discount ?? 0);

    private static TheoryData<Type, string> Methods(string prefix)
    {
        var data = new TheoryData<Type, string>();
        foreach (var shape in new[] { typeof(SmallBenchmarks), typeof(MediumBenchmarks), typeof(LargeBenchmarks) })
        {
            foreach (var method in shape.GetMethods().Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null && method.Name.StartsWith(prefix, StringComparison.Ordinal)))
                data.Add(shape, method.Name);
        }

        return data;
    }
}
