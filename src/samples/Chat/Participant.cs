using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Chatting;

/// <summary>The client role: sends and receives lines at the same time.</summary>
public static class Participant
{
    /// <summary>Joins a room, sends lines and receives the lines of others until both sides have left.</summary>
    /// <param name="channel">The channel. The caller disposes it.</param>
    /// <param name="name">The member's name, 1 to 40 bytes of UTF-8.</param>
    /// <param name="lines">The lines to send. The member leaves when they end or when the room closes.</param>
    /// <param name="onReceived">Receives the lines of others, in order.</param>
    /// <param name="cancellationToken">A token that makes the member leave.</param>
    /// <exception cref="SessionException">The session failed.</exception>
    public static async Task RunAsync(
        [InState(SessionState.Established), Consumes] MessageChannel channel,
        string name,
        IAsyncEnumerable<string> lines,
        Action<Said> onReceived,
        CancellationToken cancellationToken = default)
    {
        var (sendLane, receiveLane) = (await ChatClient.Begin(channel).SendAsync(new Join(name), CancellationToken.None)).Split();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(sendLane, lines, leave.Token);
        try
        {
            // The loop ends after the room's Goodbye, the last message that can arrive.
            await foreach (var incoming in receiveLane.WithCancellation(CancellationToken.None))
            {
                if (incoming is ChatClient.Talking.Incoming.Said(var said))
                    onReceived(said);
            }
        }
        catch
        {
            await leave.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await leave.CancelAsync();
        await sending;
    }

    private static async Task SendAsync(ChatClient.Talking.SendLane sendLane, IAsyncEnumerable<string> lines, CancellationToken leave)
    {
        try
        {
            await foreach (var line in lines.WithCancellation(leave))
                await sendLane.SendAsync(new Say(line), CancellationToken.None);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // The room has closed, or the caller wants to leave.
        }

        await sendLane.SendAsync(new Goodbye(), CancellationToken.None);
    }
}
