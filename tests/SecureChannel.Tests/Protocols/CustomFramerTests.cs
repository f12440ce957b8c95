using System.Buffers;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class CustomFramerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_framing_that_consumes_nonsense_is_a_local_error(int consumed) =>
        AssertFramingError(new BrokenFraming(_ => (FrameStatus.Complete, consumed)), $"The framing 'BrokenFraming' consumed {consumed} of 4 bytes.");

    [Fact]
    public void A_framing_that_throws_is_a_local_error() =>
        AssertFramingError(new BrokenFraming(_ => throw new TimeoutException("late.")), "The framing 'BrokenFraming' threw TimeoutException (late).");

    [Fact]
    public void A_framing_that_returns_an_undefined_status_is_a_local_error() =>
        AssertFramingError(new BrokenFraming(_ => ((FrameStatus)7, 1)), "The framing 'BrokenFraming' returned the undefined status 7.");

    [Fact]
    public void A_packet_that_never_ends_is_refused_at_the_memory_limit()
    {
        var framer = new MessageFramer(1000, new BrokenFraming(_ => (FrameStatus.NeedMoreData, 0)));
        var (received, error) = (0, (SessionError?)null);
        for (; error is null; received += 500)
        {
            framer.Supply(new byte[500]);
            framer.Read(out _, out error);
        }

        Assert.Equal((SessionErrorKind.MalformedMessage, SessionErrorCode.MessageTooLarge), (error.Kind, error.Code));
        Assert.InRange(received, 1000 + MessageBuffer.Overhead, 1500 + MessageBuffer.Overhead);
    }

    [Fact]
    public void A_message_outside_the_limits_is_refused()
    {
        var framer = new MessageFramer(1000, new ForwardingFraming()) { Limits = new MessageLimits("bank/1", [(4, 1)], [2]) };
        framer.Supply(new byte[] { 4, 1, 9, 4, 2, 9, 9 });

        Assert.Equal(FrameStatus.Complete, framer.Read(out _, out _));
        Assert.Equal(FrameStatus.Refused, framer.Read(out _, out var error));
        Assert.Equal(SessionErrorCode.MessageTooLarge, error!.Code);
    }

    private static void AssertFramingError(StreamFraming framing, string expected)
    {
        var framer = new MessageFramer(1000, framing);
        framer.Supply(new byte[4]);

        Assert.Equal(FrameStatus.Refused, framer.Read(out _, out var error));

        Assert.Equal(
            (SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError, expected), (error!.Kind, error.Code, error.Alert, error.Message));
        Assert.Equal(FrameStatus.Refused, framer.Read(out _, out var later));
        Assert.Same(error, later);
    }
}

/// <summary>A custom framing with the packet format of the default one.</summary>
internal sealed class ForwardingFraming : StreamFraming
{
    public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message) => Default.Write(output, message);

    public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error) =>
        Default.TryRead(input, maxMessageSize, out consumed, out message, out error);
}

/// <summary>A framing that reads with a delegate, which can violate the contract.</summary>
internal sealed class BrokenFraming(Func<int, (FrameStatus Status, int Consumed)> read) : StreamFraming
{
    public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message) => Default.Write(output, message);

    public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
    {
        (message, error) = (new ReceivedMessage(1, input), null);
        (var status, consumed) = read(input.Length);
        return status;
    }
}
