using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed class MessageTests
{
    [Fact]
    public void Fields_are_encoded_in_the_order_of_their_declaration()
    {
        var login = new Login("Ann", "t", "né");
        Assert.Equal("03416e6e" + "000174" + "036ec3a9", Convert.ToHexStringLower(WireSerializer.ToArray(login)));
        Assert.Equal(login, Read<Login>(WireSerializer.ToArray(login)));
    }

    [Fact]
    public void Numbers_of_every_width_survive_a_round_trip()
    {
        var numbers = new Numbers(
            1, -2, 3, -4, 5, -6, 7, -8, UInt128.MaxValue - 1, Int128.MinValue + 1, true, (Half)1.5, float.NaN, double.NegativeInfinity);
        Assert.Equal(numbers, Read<Numbers>(WireSerializer.ToArray(numbers)));
        Assert.Equal(1 + 1 + 2 + 2 + 4 + 4 + 8 + 8 + 16 + 16 + 1 + 2 + 4 + 8, WireSerializer.GetSize(numbers));
    }

    [Fact]
    public void An_open_enum_preserves_an_undeclared_value_and_a_closed_enum_rejects_it()
    {
        var named = new Named(Guid.Empty, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(-1), (Color)0xFFFE, Level.High);
        var bytes = WireSerializer.ToArray(named);
        Assert.Equal(named, Read<Named>(bytes));

        bytes[^1] = 3;
        var error = Refuse<Named>(bytes);
        Assert.Equal((bytes.Length - 1, "Level", WireErrorReason.UnknownValue), (error.Offset, error.Path, error.Reason));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(named with { Level = 0 }));
    }

    [Fact]
    public void Lists_arrays_and_optional_fields_survive_a_round_trip()
    {
        var roster = SampleRoster();
        var bytes = WireSerializer.ToArray(roster);
        var read = Read<Roster>(bytes);
        Assert.Equal(roster.Ids, read.Ids);
        Assert.Equal(["Ann", "Bob"], read.Users.Select(user => user.Name));
        Assert.Equal([30, null], read.Users.Select(user => user.Age));
        Assert.Equal([null, "bob@example"], read.Users.Select(user => user.Mail));
        Assert.Equal(roster.Tags, read.Tags);
        Assert.Equal([[[1, 2], []], [], [[3]]], read.Nested);
        Assert.Equal(roster.Colors, read.Colors);
        Assert.Equal(bytes, WireSerializer.ToArray(read));
    }

    [Fact]
    public void A_list_of_more_than_63_bytes_has_a_longer_prefix()
    {
        foreach (var size in new[] { 0, 62, 63, 64, 16382, 16383, 16384, 100000 })
        {
            var roster = new Roster { Ids = [1], Tags = [.. Enumerable.Repeat("", size)] };
            var bytes = WireSerializer.ToArray(roster);
            Assert.Equal(WireSerializer.GetSize(roster), bytes.Length);
            Assert.Equal(size, Read<Roster>(bytes).Tags.Length);
        }
    }

    [Fact]
    public void Byte_memory_survives_a_round_trip()
    {
        var blob = new Blob([1, 2, 3, 4], new byte[] { 5 }, []);
        Assert.Equal("01020304" + "00000105" + "00", Convert.ToHexStringLower(WireSerializer.ToArray(blob)));
        var read = Read<Blob>(WireSerializer.ToArray(blob));
        Assert.Equal([1, 2, 3, 4], read.Exact);
        Assert.Equal([5], read.Bounded.ToArray());
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(blob with { Exact = [1] }));
    }

    [Fact]
    public void A_ref_struct_refers_to_the_input()
    {
        var bytes = WireSerializer.ToArray(new InPlace { Random = [1, 2, 3, 4], Color = Color.Green, Session = [9] });
        Assert.Equal("01020304" + "0203" + "0109", Convert.ToHexStringLower(bytes));
        Assert.True(WireSerializer.TryRead<InPlace>(bytes, out var message, out _));
        Assert.True(message.Random.Overlaps(bytes));
        Assert.True(message.Session.Overlaps(bytes));

        Assert.True(WireSerializer.TryRead<Outer>([1, 2, 0, 3, 4], out var outer, out _));
        Assert.Equal((2, 3, 4), (outer.Inner.HeadLength, outer.Inner.Version, outer.Tail));
        Assert.Equal([1, 2, 0, 3, 4], WireSerializer.ToArray(outer));
    }

    [Fact]
    public void Reading_a_ref_struct_and_writing_allocate_nothing()
    {
        var bytes = WireSerializer.ToArray(new InPlace { Random = [1, 2, 3, 4], Color = Color.Green, Session = [9] });
        var login = new Login("Ann", "t", "note");
        var roster = SampleRoster();
        var destination = new byte[500];
        Assert.Equal(0, Testing.Allocation.Of(RoundTrip));

        void RoundTrip()
        {
            if (!WireSerializer.TryRead<InPlace>(bytes, out var message, out _))
                throw new InvalidOperationException("The message was rejected.");
            WireSerializer.Write(destination, message);
            WireSerializer.Write(destination, login);
            WireSerializer.Write(destination, roster);
        }
    }

    [Fact]
    public void The_tag_of_a_union_is_encoded_before_the_case()
    {
        Assert.Equal("01000a", Convert.ToHexStringLower(WireSerializer.ToArray<Shape>(new Shape.Circle(10))));
        Assert.Equal("07050141", Convert.ToHexStringLower(WireSerializer.ToArray<Shape>(new Square(5, "A"))));
        Assert.Equal(new Shape.Circle(10), Read<Shape>([1, 0, 10]));
        Assert.Equal(new Square(5, "A"), Read<Shape>([7, 5, 1, 0x41]));
        Assert.Equal(WireErrorReason.UnknownValue, Refuse<Shape>([2, 0]).Reason);
    }

    [Fact]
    public void An_unknown_case_of_a_union_is_preserved()
    {
        byte[] bytes = [0x12, 0x34, 3, 7, 8, 9];
        var other = Assert.IsType<Paint.Other>(Read<Paint>(bytes));
        Assert.Equal((Color)0x1234, other.Tag);
        Assert.Equal(bytes, WireSerializer.ToArray<Paint>(other));
        Assert.Equal(new Green("g"), Read<Paint>([0x02, 0x03, 2, 1, (byte)'g']));

        var error = Refuse<Paint>([0, 1, 2, 5, 6]);
        Assert.Equal((4, WireErrorReason.TrailingBytes), (error.Offset, error.Reason));
    }

    [Fact]
    public void An_exception_of_a_constructor_is_an_error_with_the_path_of_the_message()
    {
        Assert.Equal(3, Read<Report>([3, 0, 50, 100]).Shares.Length);
        var error = Refuse<Report>([3, 0, 50, 101]);
        Assert.Equal(("Shares[2]", WireErrorReason.Rejected), (error.Path, error.Reason));
        Assert.Contains("100", error.ToString());
    }

    [Fact]
    public void The_path_of_an_error_has_field_and_index()
    {
        var bytes = WireSerializer.ToArray(SampleRoster());
        bytes[bytes.AsSpan().IndexOf("Bob"u8)] = 0xFF;
        var error = Refuse<Roster>(bytes);
        Assert.Equal(("Users[1].Name", WireErrorReason.InvalidText), (error.Path, error.Reason));
        Assert.Equal($"'Users[1].Name' is invalid at byte {error.Offset}: the string is not valid UTF-8.", error.ToString());
    }

    [Fact]
    public void The_depth_of_nested_messages_is_limited()
    {
        Assert.True(WireSerializer.TryRead<Tree>(Chain(WireReader.MaxDepth), out _, out _));
        var error = Refuse<Tree>(Chain(WireReader.MaxDepth + 1));
        Assert.Equal(WireErrorReason.TooDeep, error.Reason);
        Assert.Equal(WireErrorReason.TooDeep, Refuse<Tree>(Chain(1_000_000)).Reason);

        static byte[] Chain(int depth) => [.. Enumerable.Repeat<byte[]>([7, 1], depth - 1).SelectMany(level => level), 7, 0];
    }

    [Fact]
    public void A_list_whose_elements_have_no_bytes_is_rejected()
    {
        Assert.Empty(Read<Nothings>([0]).Items);
        Assert.Equal(WireErrorReason.EmptyElement, Refuse<Nothings>([1, 0]).Reason);
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(new Nothings([default])));
    }

    [Fact]
    public void A_message_can_be_internal_nested_generic_or_global()
    {
        var hidden = new Hidden(1, 2, 3, 4, 5, true, 6);
        Assert.Equal(hidden, Read<Hidden>(WireSerializer.ToArray(hidden)));
        var inside = new Container.Inside(7, Container.Inside.Color.Blue);
        Assert.Equal(inside, Read<Container.Inside>(WireSerializer.ToArray(inside)));
        var page = new Page<Login>(new Login("A", "", ""), 3);
        Assert.Equal(page, Read<Page<Login>>(WireSerializer.ToArray(page)));
        var global = new GlobalMessage(9);
        Assert.Equal(global, Read<GlobalMessage>(WireSerializer.ToArray(global)));
    }

    [Fact]
    public void A_message_has_the_code_of_its_declaration() => Assert.Equal((3, 8), (CodeOf<Login>(), CodeOf<Paint>()));

    [Fact]
    public void A_buffer_receives_exactly_the_message()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WireSerializer.Write(buffer, new Login("Ann", "", ""));
        WireSerializer.Write(buffer, default(Nothing));
        Assert.Equal([3, .. Encoding.UTF8.GetBytes("Ann"), 0, 0, 0], buffer.WrittenSpan.ToArray());
        Assert.Throws<ArgumentException>(() => WireSerializer.Write(buffer, new Login("", "", "")));
        Assert.Equal(7, buffer.WrittenCount);
        Assert.Throws<ArgumentException>(() => WireSerializer.Write(new byte[2], new Login("Ann", "", "")));
    }

    internal static Roster SampleRoster() => new()
    {
        Ids = [1, 2, 0xFFFF],
        Users = [new User { Name = "Ann", Age = 30 }, new User { Name = "Bob", Mail = "bob@example" }],
        Tags = ImmutableArray.Create("x", "", "né"),
        Nested = [[[1, 2], []], [], [[3]]],
        Colors = [Color.Red, null, (Color)9],
    };

    private static T Read<T>(byte[] bytes)
        where T : IMessage<T>
    {
        Assert.True(WireSerializer.TryRead<T>(bytes, out var message, out var error), error.ToString());
        Assert.Equal(bytes.Length, WireSerializer.GetSize(message));
        return message;
    }

    private static WireError Refuse<T>(byte[] bytes)
        where T : IMessage<T>
    {
        Assert.False(WireSerializer.TryRead<T>(bytes, out _, out var error));
        return error;
    }

    private static int CodeOf<T>()
        where T : ICodedMessage<T> => T.Code;
}
