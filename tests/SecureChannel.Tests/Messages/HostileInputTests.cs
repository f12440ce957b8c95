using System.Collections.Immutable;
using CsCheck;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed class HostileInputTests
{
    [Fact]
    public void Truncated_messages_and_messages_with_a_trailing_byte_are_rejected()
    {
        foreach (var (name, bytes, reencode) in Samples())
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.True(reencode(bytes[..length]) is null, $"{name}: a prefix of {length} bytes was read");
            Assert.True(reencode([.. bytes, 0]) is null, $"{name}: a trailing byte was read");
        }
    }

    [Fact]
    public void A_message_with_one_changed_byte_is_rejected_or_written_back_unchanged()
    {
        foreach (var (name, bytes, reencode) in Samples())
        {
            for (var position = 0; position < bytes.Length; position++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var mutated = bytes.ToArray();
                    mutated[position] = (byte)value;
                    var again = reencode(mutated);
                    Assert.True(again is null || again.AsSpan().SequenceEqual(mutated), $"{name}: byte {position} as {value} was not written back unchanged");
                }
            }
        }
    }

    [Fact]
    public void Arbitrary_bytes_are_rejected_or_written_back_unchanged() =>
        Check.Sample(
            Gen.Byte.Array[0, 60],
            bytes => Samples().All(sample => sample.Reencode(bytes) is not { } again || again.AsSpan().SequenceEqual(bytes)),
            iter: 2_000);

    [Theory]
    [InlineData("0190" + "0001")]
    [InlineData("0002" + "0001" + "bfffffff" + "00")]
    [InlineData("0002" + "0001" + "00" + "bfffffff")]
    [InlineData("0002" + "0001" + "00" + "00" + "bfffffff")]
    public void A_length_that_exceeds_the_input_allocates_nothing(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        WireSerializer.TryRead<Roster>(bytes, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(WireSerializer.TryRead<Roster>(bytes, out _, out var error));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
        Assert.Equal(WireErrorReason.Truncated, error.Reason);
    }

    private static IEnumerable<(string Name, byte[] Bytes, Func<byte[], byte[]?> Reencode)> Samples() =>
    [
        Sample(new Numbers(1, -2, 3, -4, 5, -6, 7, -8, 9, -10, true, (Half)1.5, 2.5f, -3.5)),
        Sample(new Named(Guid.Parse("c232ab00-9414-11ec-b3c8-9f6bdeced846"), DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), Color.Green, Level.Low)),
        Sample(new Login("Ann", "token", "né")),
        Sample(new Blob([1, 2, 3, 4], new byte[] { 5, 6 }, [7])),
        Sample(MessageTests.SampleRoster()),
        Sample(new Roster { Ids = [1], Tags = ImmutableArray.Create(new string('x', 70)) }),
        Sample(new Tree { Value = 1, Next = new Tree { Value = 2 } }),
        Sample(new Report([new Percent(1), new Percent(100)])),
        Sample<Shape>(new Square(1, "side")),
        Sample(new Extensions([new MaxFragmentLength(1), new Heartbeat(), new Extension.Other((ExtensionType)9, new byte[] { 1 })])),
        Sample<Parity>(new Even(1)),
        Sample(new Wrapped(new Even(1), new Odd(2))),
        Sample(new Calendar(new DateOnly(2026, 7, 14), new TimeOnly(1, 2), 1.50m, -0.0m)),
        Sample(new Pairs((7, "x"), [(1, null), (2, (true, [3]))], ["a", "b"])),
        Sample(new Maps(new() { ["a"] = 1, ["bb"] = 2 }, new Dictionary<DateTimeOffset, List<string?>> { [default] = [null, "x"] }, ImmutableDictionary<short, Dictionary<Guid, Color>>.Empty)),
        Sample(new Guarded(Rights.Read, [Color.Red])),
        Sample(new Settings(5, "new") { Height = 3 }),
        Sample(new Holder(new Extended(1, new byte[] { 2 }), [new Extended(3, default)], 4)),
        Sample(new Link(new Uri("https://example.com/"), [(System.Net.IPAddress.Loopback, 1)], new Money(5), new Money(6))),
        Sample(new Sheets(new([1, -1], 2, 3), new(["a"], "b", 4), new([Level.Low], Level.High, 5), null)),
        Sample(new ProtocolNames(["h2", "http/1.1"], [[1, 2]])),
        Sample<Paint>(new Green("dark")),
        Sample<Paint>(new Paint.Other((Color)77, new byte[] { 1, 2, 3 })),
        ("in place", WireSerializer.ToArray(new InPlace { Random = [1, 2, 3, 4], Color = Color.Red, Session = [1, 2] }), ReencodeInPlace),
    ];

    private static (string Name, byte[] Bytes, Func<byte[], byte[]?> Reencode) Sample<T>(T message)
        where T : IMessage<T> =>
        (typeof(T).Name, WireSerializer.ToArray(message), static bytes => WireSerializer.TryRead<T>(bytes, out var read, out _) ? WireSerializer.ToArray(read) : null);

    private static byte[]? ReencodeInPlace(byte[] bytes) => WireSerializer.TryRead<InPlace>(bytes, out var read, out _) ? WireSerializer.ToArray(read) : null;
}
