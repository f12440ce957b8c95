using System.Buffers;
using System.Runtime.InteropServices;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Engine;

/// <summary>Pings, their answers, and invalid control records.</summary>
public sealed class ControlRecordTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Pings_keep_a_session_responsive_but_do_not_restart_its_idle_timeout()
    {
        using var pair = EstablishWithPings(idle: 12);
        for (var i = 0; i < 2; i++)
        {
            pair.Wait(5 * Second);
            pair.Run();
        }
        pair.Wait(2 * Second - TimeSpan.FromTicks(1));
        pair.Run();
        Assert.True(pair.IsEstablished);

        pair.Wait(TimeSpan.FromTicks(1));
        Assert.All([pair.Client, pair.Server], end => Assert.Equal(SessionEndReason.IdleTimeout, end.Engine.End!.Reason));
    }

    [Fact]
    public void An_unanswered_ping_ends_the_session()
    {
        using var pair = EstablishWithPings(idle: null);
        pair.Wait(5 * Second);
        pair.Wait(10 * Second - TimeSpan.FromTicks(1));
        Assert.Equal((null, null), (pair.Client.Error, pair.Server.Error));
        pair.Wait(TimeSpan.FromTicks(1));
        Assert.All([pair.Client, pair.Server], end => Assert.Equal(
            (SessionErrorKind.TimedOut, SessionErrorCode.KeepAliveTimeout, AlertDescription.GeneralError), (end.Error!.Kind, end.Error.Code, end.Error.Alert)));
    }

    [Fact]
    public void Pings_that_cross_answer_each_other()
    {
        using var pair = EstablishWithPings(idle: null);
        for (var i = 0; i < 4; i++)
        {
            pair.Wait(5 * Second);
            var (fromClient, fromServer) = (pair.Client.TakeOutput(), pair.Server.TakeOutput());
            Assert.All([fromClient, fromServer], Assert.NotEmpty);
            pair.Client.Deliver(fromServer, pair.Now);
            pair.Server.Deliver(fromClient, pair.Now);
            Assert.All([pair.Client.TakeOutput(), pair.Server.TakeOutput()], Assert.Empty);
        }
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void A_ping_that_crosses_none_is_answered()
    {
        using var pair = EstablishWithPings(idle: null);
        pair.Now += 5 * Second;
        pair.Client.Engine.Tick(pair.Now, pair.Client.Output);
        pair.Server.Deliver(pair.Client.TakeOutput(), pair.Now);
        Assert.NotEmpty(pair.Server.TakeOutput());
    }

    [Fact]
    public void A_ping_and_its_answer_allocate_nothing()
    {
        using var pair = EstablishWithPings(idle: null);
        var (toServer, toClient) = (new ArrayBufferWriter<byte>(1 << 12), new ArrayBufferWriter<byte>(1 << 12));
        var answers = 0;

        Assert.Equal(0, Allocation.Of(Exchange));
        Assert.InRange(answers, 200, int.MaxValue);
        Assert.Equal(0, answers % 100);

        void Exchange()
        {
            for (var i = 0; i < 100; i++)
            {
                pair.Now += 5 * Second;
                pair.Client.Engine.Tick(pair.Now, toServer);
                pair.Server.Engine.Read(MemoryMarshal.AsMemory(toServer.WrittenMemory).Span, pair.Now, toClient);
                pair.Client.Engine.Read(MemoryMarshal.AsMemory(toClient.WrittenMemory).Span, pair.Now, toServer);
                answers += toClient.WrittenCount > 0 ? 1 : 0;
                toServer.ResetWrittenCount();
                toClient.ResetWrittenCount();
            }
        }
    }

    [Fact]
    public void Any_record_answers_a_ping()
    {
        using var pair = EstablishWithPings(idle: null);
        pair.Now += 5 * Second;
        pair.Client.Engine.Tick(pair.Now, pair.Client.Output);
        pair.Now += 9 * Second;
        pair.Write(Role.Server, 1);
        pair.Client.Deliver(pair.Server.TakeOutput(), pair.Now);
        pair.Now += 4 * Second;
        pair.Client.Engine.Tick(pair.Now, pair.Client.Output);
        Assert.Null(pair.Client.Error);
    }

    [Fact]
    public void Pings_are_a_flood_only_within_one_second()
    {
        using var pair = EstablishWithPings(idle: null);
        for (var i = 0; i < 100; i++)
        {
            pair.Wait(5 * Second);
            pair.Run();
        }
        Assert.True(pair.IsEstablished);

        Records(pair.Client.Engine).Output = pair.Client.Output;
        for (var i = 0; i < 40; i++)
            Records(pair.Client.Engine).WriteControl([1]);
        pair.Run();
        Assert.Equal(SessionErrorCode.Flood, pair.Server.Error!.Code);
    }

    [Theory]
    [InlineData(new byte[] { 9 }, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 0 }, AlertDescription.IllegalParameter)]
    [InlineData(new byte[] { 1, 0 }, AlertDescription.DecodeError)]
    // The signal of an idle timeout, which these endpoints do not have.
    [InlineData(new byte[] { 3 }, AlertDescription.UnexpectedMessage)]
    public void An_invalid_control_record_is_refused(byte[] content, AlertDescription alert)
    {
        using var pair = EstablishWithPings(idle: null);
        Records(pair.Client.Engine).Output = pair.Client.Output;
        Records(pair.Client.Engine).WriteControl(content);
        pair.Run();
        Assert.Equal(alert, pair.Server.Error!.Alert);
    }

    private static EnginePair EstablishWithPings(int? idle) => KeyTransportEnds.CreatePair(KeyTransportEnds.Client with
    {
        Session = new() { KeepAliveInterval = 5 * Second, IdleTimeout = idle * Second },
    }).Start().Run();

    private static RecordLayer Records(ChannelEngine engine) => (RecordLayer)typeof(ChannelEngine)
        .GetField("_records", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(engine)!;
}
