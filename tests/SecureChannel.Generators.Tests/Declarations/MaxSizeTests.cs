using SecureChannel.Generators.Tests.Protocols;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Tests.Declarations;

/// <summary>Tests of the maximum size of a message, which a receiver enforces at the header.</summary>
public sealed class MaxSizeTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("byte A, int B, System.Guid C", 1 + 4 + 16)]
    [InlineData("Color A, (ushort X, long Y) B", 4 + 2 + 8)]
    [InlineData("[property: ByteLength(4)] byte[] A", 4)]
    [InlineData("[property: ByteLength(0, 255)] string A", 1 + 255)]
    [InlineData("[property: ByteLength(1, 0xFFFF)] string? A", 1 + 2 + 0xFFFF)]
    [InlineData("[ByteLength(0, 300)] System.Collections.Generic.List<string> A", 2 + 300)]
    [InlineData("int? A, [property: Since(2)] long B = 0", 1 + 4 + 8)]
    [InlineData("Inner A, Inner? B", 5 + 1 + 5)]
    [InlineData("byte A, [property: Remainder(0, 20)] byte[] B", 1 + 20)]
    [InlineData("Open A", 4 + 20)]
    [InlineData("[property: ByteLength(0, 30)] Open A", 1 + 30)]
    [InlineData("Shape A", 1 + 8)]
    [InlineData("BoundedShape A", 2 + 1 + 40)]
    public void Maximum_size_follows_from_the_bounds_of_the_fields(string fields, int expected) => Assert.Equal(expected, MaxSizeOf(fields));

    [Theory]
    [InlineData("string A")]
    [InlineData("byte[] A")]
    [InlineData("[property: Remainder] byte[] A")]
    [InlineData("System.Collections.Generic.List<int> A")]
    [InlineData("Shape? A, string B")]
    [InlineData("UnknownShape A")]
    [InlineData("M? A")]
    [InlineData("Page<int> A")]
    [InlineData("[property: Converter<Doubling>] int A")]
    [InlineData("Hand A")]
    public void A_message_without_a_bound_has_no_maximum_size(string fields) => Assert.Null(MaxSizeOf(fields));

    [Fact]
    public void A_variant_has_the_maximum_size_of_its_message()
    {
        var compilation = Compiled.CreateCompilation(
            "using SecureChannel; [Message(1)] public readonly partial record struct M(int A); [VariantOf<M>] public readonly partial record struct V;");

        Assert.Equal(4, DeclarationReader.ReadMessage(compilation.GetTypeByMetadataName("V")!, TestContext.Current.CancellationToken).MaxSize);
    }

    [Fact]
    public void A_received_message_has_its_maximum_size_in_the_state_table()
    {
        var compiled = new Compiled("""
            using SecureChannel;
            namespace Example;
            [Message(1)] public readonly partial record struct Query(int A);
            [Message(2)] public readonly partial record struct Data([property: ByteLength(0, 100)] byte[] A);
            [Message(3)] public readonly partial record struct Line(string A);
            [Protocol("p/1")] public enum P { [Client<Query>(Asked)] Start, [Server<Data>(End)] [Server<Line>(End)] Asked, [Final] End }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("Transition.Of<global::Example.Query>(\"Query\", 1, maxSize: 4)", compiled.TextOf("Example.PServer.g.cs"));
        Assert.Contains("Transition.Of<global::Example.Data>(\"Data\", 2)", compiled.TextOf("Example.PServer.g.cs"));
        Assert.Contains("Transition.Of<global::Example.Data>(\"Data\", 2, maxSize: 101)", compiled.TextOf("Example.PClient.g.cs"));
        Assert.Contains("Transition.Of<global::Example.Line>(\"Line\", 2)", compiled.TextOf("Example.PClient.g.cs"));
    }

    private static int? MaxSizeOf(string fields)
    {
        var compilation = Compiled.CreateCompilation($$"""
            using SecureChannel;
            using SecureChannel.Messages;
            public enum Color { Red }
            [Message] public readonly partial record struct Inner(byte A, int B);
            [Message] public readonly partial record struct Open([property: Remainder(0, 20)] byte[] A);
            [Message] public readonly partial record struct Page<T>(T Item);
            [Union] [UnionCase<Circle>(1)] [UnionCase<Square>(2)] public abstract partial record Shape;
            [Message] public sealed partial record Circle(int Radius) : Shape;
            [Message] public sealed partial record Square(int Width, int Height) : Shape;
            [Union(Tag = typeof(ushort)), ByteLength(0, 40)] [UnionCase<Line>(1)] public abstract partial record BoundedShape;
            [Message] public sealed partial record Line(string Name) : BoundedShape;
            [Union] [UnionCase<Dot>(1)] public abstract partial record UnknownShape { [UnknownCase] public sealed record Other(byte Tag, System.ReadOnlyMemory<byte> Content) : UnknownShape; }
            [Message] public sealed partial record Dot(int Size) : UnknownShape;
            public sealed class Doubling : IConverter<int>
            {
                public static bool TryRead(scoped ref WireReader reader, out int value) => reader.TryReadInt32(out value);
                public static void Write(scoped ref WireWriter writer, scoped in int value) => writer.WriteInt32(value);
            }
            public readonly struct Hand : IMessage<Hand>
            {
                public static bool TryRead(scoped ref WireReader reader, out Hand message) { message = default; return true; }
                public static void Write(scoped ref WireWriter writer, scoped in Hand message) { }
            }
            [Message(1)] public sealed partial record M({{fields}});
            """);
        return DeclarationReader.ReadMessage(compilation.GetTypeByMetadataName("M")!, TestContext.Current.CancellationToken).MaxSize;
    }
}
