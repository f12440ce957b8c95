using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Chatting;

/// <summary>The client role: talks and listens at once.</summary>
public static class Participant
{
    /// <summary>Joins, says each line, and hears what others say, until both sides have left.</summary>
    /// <param name="channel">The channel; the caller owns it.</param>
    /// <param name="name">Who this is: 1 to 40 bytes.</param>
    /// <param name="lines">What to say. When they end, or the room closes, the participant says goodbye.</param>
    /// <param name="hear">Is told what others say, in order.</param>
    /// <param name="cancellationToken">Says goodbye at once.</param>
    /// <exception cref="SessionException">The session has failed.</exception>
    public static async Task TalkAsync(
        [InState(SessionState.Established), Consumes] MessageChannel channel, string name, IAsyncEnumerable<string> lines, Action<Said> hear, CancellationToken cancellationToken = default)
    {
        var (sending, receiving) = (await ChatClient.Begin(channel).SendAsync(new Join(name), CancellationToken.None)).Split();
        using var fallSilent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var talking = TalkAsync(sending, lines, fallSilent.Token);
        try
        {
            // Ends after the room's goodbye: nothing can come after that.
            await foreach (var arrived in receiving.WithCancellation(CancellationToken.None))
            {
                if (arrived is ChatClient.Talking.Incoming.Said(var said))
                    hear(said);
            }
        }
        catch
        {
            await fallSilent.CancelAsync();
            await talking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await fallSilent.CancelAsync();
        await talking;
    }

    private static async Task TalkAsync(ChatClient.Talking.SendLane sending, IAsyncEnumerable<string> lines, CancellationToken fallSilent)
    {
        try
        {
            await foreach (var line in lines.WithCancellation(fallSilent))
                await sending.SendAsync(new Say(line), CancellationToken.None);
        }
        catch (OperationCanceledException) when (fallSilent.IsCancellationRequested)
        {
            // The room has closed, or the participant wants to leave.
        }

        await sending.SendAsync(new Goodbye(), CancellationToken.None);
    }
}
