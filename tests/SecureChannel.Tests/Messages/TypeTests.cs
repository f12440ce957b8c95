using System.Collections.Immutable;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

[Flags]
public enum Rights
{
    None = 0,
    Read = 1,
    Write = 2,
    Share = 8,
}

[Message]
public sealed partial record Calendar(DateOnly Day, TimeOnly Time, decimal Price, decimal? Tax);

[Message]
public sealed partial record Pairs((byte Left, string Right) One, List<(ushort, (bool Inner, long[] Deep)?)> Many, IReadOnlyList<string> Texts);

[Message]
public sealed partial record Maps(
    Dictionary<string, int> Scores,
    [property: ByteLength(0, 0xFFFF)] IReadOnlyDictionary<DateTimeOffset, List<string?>> Events,
    ImmutableDictionary<short, Dictionary<Guid, Color>>? Nested);

[Message]
public sealed partial record Guarded([property: ClosedEnum] Rights Rights, [ClosedEnum] List<Color> Colors);

[Message]
public sealed partial class Settings
{
    public Settings(byte volume, string name = "unnamed")
    {
        Volume = volume;
        Name = name;
    }

    public byte Volume { get; private set; }

    [Since(2)]
    public string Name { get; }

    [Since(2)]
    public ushort Width { get; init; } = 640;

    [Since(4)]
    public int? Height { get; set; }
}

[Message]
public sealed partial record Extended(byte Known, [property: Remainder] ReadOnlyMemory<byte> Unknown);

[Message]
public sealed partial record Holder(Extended First, List<Extended> More, byte Last);

[Message]
public sealed partial record Sheet<T>(List<T> Items, T First, ushort Number);

[Message]
public sealed partial record Sheets(Sheet<int> Numbers, Sheet<string> Texts, Sheet<Level> Levels, Sheet<Login>? Logins);

[Message]
public sealed partial record ProtocolNames([property: ByteLength(2, 0xFFFF), ElementByteLength(1, 255)] List<string> Names, [property: ElementByteLength(2)] byte[][] Pairs);

public sealed partial class TypeTests
{
    [Fact]
    public void A_generic_message_can_contain_values_and_messages()
    {
        var sheets = new Sheets(new([1, -1], 2, 3), new(["a"], "b", 4), new([Level.Low], Level.High, 5), new([new Login("A", "", "")], new Login("B", "", ""), 6));
        var bytes = WireSerializer.ToArray(sheets);
        Assert.Equal("0800000001ffffffff" + "00000002" + "0003" + "020161" + "0162" + "0004" + "0101" + "02" + "0005" + "01" + "05014100" + "0000" + "014200" + "0000" + "0006", Convert.ToHexStringLower(bytes));
        Assert.Equal(bytes, WireSerializer.ToArray(Read<Sheets>(bytes)));
        bytes[23] = 3;
        Assert.Equal((23, "Levels.Items[0]", WireErrorReason.UnknownValue), Refuse<Sheets>(bytes));
        Assert.Throws<NotSupportedException>(() => WireSerializer.ToArray(new Sheet<object>([], new object(), 1)));
    }

    [Fact]
    public void The_elements_of_a_list_can_have_their_own_bounds()
    {
        // RFC 7301 section 3.1: opaque ProtocolName<1..2^8-1>; ProtocolName protocol_name_list<2..2^16-1>
        var bytes = Convert.FromHexString("000c" + "026832" + "08687474702f312e31" + "04" + "01020304");
        var read = Read<ProtocolNames>(bytes);
        Assert.Equal(["h2", "http/1.1"], read.Names);
        Assert.Equal([[1, 2], [3, 4]], read.Pairs);
        Assert.Equal(bytes, WireSerializer.ToArray(read));
        Assert.Equal((2, "Names[0]", WireErrorReason.LengthOutOfBounds), Refuse<ProtocolNames>(Convert.FromHexString("0002" + "0000" + "00")));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(read with { Names = ["h2", ""] }));
        Assert.Equal((6, "Pairs[0]", WireErrorReason.Truncated), Refuse<ProtocolNames>(Convert.FromHexString("0003" + "026832" + "01" + "01")));
    }

    [Fact]
    public void A_decimal_has_one_encoding_for_each_of_its_bit_patterns()
    {
        var calendar = new Calendar(new DateOnly(2026, 7, 14), new TimeOnly(23, 59, 59), -1.50m, 0.00m);
        var bytes = WireSerializer.ToArray(calendar);
        // 739810 days after 0001-01-01, and 863990000000 times 100 ns, by Python's datetime.date.toordinal() - 1 and 86399 * 10**7.
        Assert.Equal("000b49e2" + "000000c929d12980" + "82" + "000000000000000000000096" + "01" + "02" + "000000000000000000000000", Convert.ToHexStringLower(bytes));
        Assert.Equal(calendar, Read<Calendar>(bytes));
        Assert.Equal("-1.50/0.00", FormattableString.Invariant($"{Read<Calendar>(bytes).Price}/{Read<Calendar>(bytes).Tax}"));
        Assert.Equal(decimal.GetBits(-0.0m), decimal.GetBits(Read<Calendar>(WireSerializer.ToArray(calendar with { Price = -0.0m })).Price));
        foreach (var extreme in new[] { decimal.MinValue, decimal.MaxValue, 0.0000000000000000000000000001m, 7.9228162514264337593543950335m })
            Assert.Equal(decimal.GetBits(extreme), decimal.GetBits(Read<Calendar>(WireSerializer.ToArray(calendar with { Price = extreme })).Price));

        bytes[12] = 29;
        Assert.Equal((12, "Price", WireErrorReason.OutOfRange), Refuse<Calendar>(bytes));
    }

    [Theory]
    [InlineData(0, 3, "Day")]
    [InlineData(4, 10, "Time")]
    public void A_date_after_9999_and_a_time_after_midnight_are_rejected(int offset, int increased, string path)
    {
        var bytes = WireSerializer.ToArray(new Calendar(DateOnly.MaxValue, TimeOnly.MaxValue, 0, null));
        Assert.Equal(new Calendar(DateOnly.MaxValue, TimeOnly.MaxValue, 0, null), Read<Calendar>(bytes));
        bytes[increased]++;
        Assert.Equal((offset, path, WireErrorReason.OutOfRange), Refuse<Calendar>(bytes));
    }

    [Fact]
    public void A_tuple_is_the_sequence_of_its_elements()
    {
        var pairs = new Pairs((7, "x"), [(1, null), (2, (true, [3]))], ["a", "b"]);
        var bytes = WireSerializer.ToArray(pairs);
        Assert.Equal("07" + "0178" + "10" + "000100" + "0002" + "01" + "01" + "08" + "0000000000000003" + "04" + "01610162", Convert.ToHexStringLower(bytes));
        var read = Read<Pairs>(bytes);
        Assert.Equal((7, "x"), (read.One.Left, read.One.Right));
        Assert.Equal([3], read.Many[1].Item2!.Value.Deep);
        Assert.Equal(bytes, WireSerializer.ToArray(read));

        bytes[2] = 0xFF;
        Assert.Equal((2, "One.Right", WireErrorReason.InvalidText), Refuse<Pairs>(bytes));
        bytes[2] = 0x78;
        bytes[10] = 2;
        Assert.Equal((10, "Many[1].Item2.Inner", WireErrorReason.NotBoolean), Refuse<Pairs>(bytes));
    }

    [Fact]
    public void The_keys_of_a_map_are_sorted_by_their_bytes()
    {
        var maps = new Maps(new() { ["b"] = 1, ["aa"] = 2, ["a"] = 3, [""] = 4 }, new Dictionary<DateTimeOffset, List<string?>>(), null);
        var bytes = WireSerializer.ToArray(maps);
        // A shorter key is first, because its encoding begins with its length.
        Assert.Equal("18" + "00" + "00000004" + "0161" + "00000003" + "0162" + "00000001" + "026161" + "00000002" + "0000" + "00", Convert.ToHexStringLower(bytes));
        Assert.Equal(maps.Scores.OrderBy(entry => entry.Value), Read<Maps>(bytes).Scores.OrderBy(entry => entry.Value));
        Assert.Equal(WireSerializer.GetSize(maps), bytes.Length);
    }

    [Fact]
    public void Maps_of_every_type_and_size_survive_a_round_trip()
    {
        var random = new Random(5);
        for (var count = 0; count < 300; count += 1 + (count / 3))
        {
            var maps = new Maps(
                Enumerable.Range(0, count).OrderBy(_ => random.Next()).ToDictionary(i => new string('k', i % 90) + i, i => i),
                Enumerable.Range(0, count).OrderBy(_ => random.Next()).ToDictionary(i => DateTimeOffset.UnixEpoch.AddDays(i * 100), i => new List<string?> { null, $"{i}" }),
                Enumerable.Range(-100, count).ToImmutableDictionary(i => (short)i, i => new Dictionary<Guid, Color> { [Guid.NewGuid()] = Color.Red, [Guid.NewGuid()] = (Color)i }));
            var bytes = WireSerializer.ToArray(maps);
            var read = Read<Maps>(bytes);
            Assert.Equal(maps.Scores.OrderBy(entry => entry.Value), read.Scores.OrderBy(entry => entry.Value));
            Assert.Equal(maps.Events.Keys.Order(), read.Events.Keys);
            Assert.Equal(maps.Nested!.Keys.Order(), read.Nested!.Keys.Order());
            Assert.Equal(bytes, WireSerializer.ToArray(read));
        }
    }

    [Theory]
    [InlineData("0c" + "0162" + "00000001" + "0161" + "00000002" + "0000" + "00", 7, "Scores[1]", WireErrorReason.NotAscending)]
    [InlineData("0c" + "0161" + "00000001" + "0161" + "00000002" + "0000" + "00", 7, "Scores[1]", WireErrorReason.NotAscending)]
    [InlineData("07" + "0161" + "00000001" + "01" + "0000" + "00", 8, "Scores[1]", WireErrorReason.Truncated)]
    [InlineData("04" + "0161" + "0000" + "0000" + "00", 3, "Scores[0]", WireErrorReason.Truncated)]
    [InlineData("06" + "01ff" + "00000000" + "0000" + "00", 2, "Scores[0]", WireErrorReason.InvalidText)]
    public void A_map_with_unsorted_or_duplicate_keys_is_rejected(string hex, int offset, string path, WireErrorReason reason) =>
        Assert.Equal((offset, path, reason), Refuse<Maps>(Convert.FromHexString(hex)));

    [Fact]
    public void Different_keys_with_the_same_bytes_are_not_written()
    {
        var events = new Dictionary<DateTimeOffset, List<string?>>(new Identical())
        {
            [DateTimeOffset.UnixEpoch] = [],
            [DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(1))] = [],
        };
        var refusal = Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(new Maps([], events, null)));
        Assert.Contains("same bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_enum_with_flags_accepts_every_combination_of_the_declared_values()
    {
        var guarded = new Guarded(Rights.Read | Rights.Share, [Color.Green]);
        var bytes = WireSerializer.ToArray(guarded);
        Assert.Equal(guarded.Rights, Read<Guarded>(bytes).Rights);
        bytes[3] = 4;
        Assert.Equal((0, "Rights", WireErrorReason.UnknownValue), Refuse<Guarded>(bytes));
        bytes[3] = 0;
        Assert.Equal(Rights.None, Read<Guarded>(bytes).Rights);
        bytes[^1] = 9;
        Assert.Equal((5, "Colors[0]", WireErrorReason.UnknownValue), Refuse<Guarded>(bytes));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(guarded with { Rights = (Rights)16 }));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(guarded with { Colors = [(Color)5] }));
    }

    [Theory]
    [InlineData(1, "05", "unnamed", 640, null)]
    [InlineData(2, "05" + "036e6577" + "0320", "new", 800, null)]
    [InlineData(3, "05" + "036e6577" + "0320", "new", 800, null)]
    [InlineData(4, "05" + "036e6577" + "0320" + "0100000258", "new", 800, 600)]
    public void Fields_of_a_later_version_are_neither_written_nor_read(int version, string hex, string name, int width, int? height)
    {
        var settings = new Settings(5, "new") { Width = 800, Height = 600 };
        Assert.Equal(hex, Convert.ToHexStringLower(WireSerializer.ToArray(settings, version)));
        Assert.Equal(hex.Length / 2, WireSerializer.GetSize(settings, version));
        Assert.True(WireSerializer.TryRead<Settings>(Convert.FromHexString(hex), version, out var read, out var error), error.ToString());
        Assert.Equal((5, name, width, height), (read.Volume, read.Name, read.Width, read.Height));
        Assert.False(WireSerializer.TryRead<Settings>(Convert.FromHexString(hex + "00"), version, out _, out _));
    }

    [Fact]
    public void Without_a_version_a_message_has_all_its_fields()
    {
        var settings = new Settings(5, "new") { Width = 800 };
        Assert.Equal(WireSerializer.ToArray(settings, 4), WireSerializer.ToArray(settings));
        Assert.Equal(800, Read<Settings>(WireSerializer.ToArray(settings)).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => WireSerializer.ToArray(settings, 0));
    }

    [Fact]
    public void An_extensible_message_preserves_bytes_that_a_newer_peer_appended()
    {
        byte[] newer = [1, 2, 3];
        Assert.Equal(newer, WireSerializer.ToArray(Read<Extended>(newer)));
        byte[] held = [3, 1, 2, 3, 5, 1, 9, 2, 8, 7, 4];
        var read = Read<Holder>(held);
        Assert.Equal([2, 3], read.First.Unknown.ToArray());
        Assert.Equal(new byte[] { 9, 8 }, read.More.Select(extended => extended.Known));
        Assert.Equal(held, WireSerializer.ToArray(read));
    }

    private sealed class Identical : IEqualityComparer<DateTimeOffset>
    {
        public bool Equals(DateTimeOffset x, DateTimeOffset y) => x.EqualsExact(y);

        public int GetHashCode(DateTimeOffset instant) => instant.Offset.GetHashCode();
    }

    private static T Read<T>(byte[] bytes)
        where T : IMessage<T>
    {
        Assert.True(WireSerializer.TryRead<T>(bytes, out var message, out var error), error.ToString());
        return message;
    }

    private static (int Offset, string Path, WireErrorReason Reason) Refuse<T>(byte[] bytes)
        where T : IMessage<T>
    {
        Assert.False(WireSerializer.TryRead<T>(bytes, out _, out var error));
        return (error.Offset, error.Path, error.Reason);
    }
}
