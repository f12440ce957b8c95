using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

/// <summary>Tests of input with several segments. The same input in a single segment is the reference.</summary>
public sealed class SequenceTests
{
    [Fact]
    public void A_message_can_be_split_at_every_byte()
    {
        var bytes = WireSerializer.ToArray(MessageTests.SampleRoster());
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                Assert.True(WireSerializer.TryRead<Roster>(Split(bytes, first, second), out var read, out var error), error.ToString());
                Assert.Equal(bytes, WireSerializer.ToArray(read));
            }
        }
    }

    [Fact]
    public void Invalid_input_in_several_segments_has_the_same_error_as_in_one_segment()
    {
        var bytes = WireSerializer.ToArray(MessageTests.SampleRoster());
        var random = new Random(7);
        for (var run = 0; run < 2_000; run++)
        {
            var mutated = bytes[..random.Next(bytes.Length + 1)];
            if (mutated.Length > 0)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            var at = random.Next(mutated.Length + 1);
            var whole = WireSerializer.TryRead<Roster>(mutated, out _, out var expected);
            Assert.Equal(whole, WireSerializer.TryRead<Roster>(Split(mutated, at, at), out _, out var error));
            Assert.Equal(expected, error);
        }
    }

    [Fact]
    public void A_sequence_is_read_in_the_given_version()
    {
        Assert.True(WireSerializer.TryRead<Settings>(Split([5], 0, 1), 1, out var read, out _));
        Assert.Equal(640, read.Width);
        Assert.False(WireSerializer.TryRead<Settings>(Split([5], 0, 1), 2, out _, out _));
    }

    internal static ReadOnlySequence<byte> Split(byte[] bytes, int first, int second)
    {
        var begin = new Segment(bytes.AsMemory(0, first));
        var end = begin.Append(bytes.AsMemory(first, second - first)).Append(bytes.AsMemory(second));
        return new ReadOnlySequence<byte>(begin, 0, end, end.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
