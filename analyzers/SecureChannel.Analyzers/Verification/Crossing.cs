using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>A failure when two messages cross: both roles send in one state, each before it receives the other's message.</summary>
public abstract record Crossing
{
    private protected Crossing()
    {
    }

    /// <summary>A message arrives in a state that does not receive it.</summary>
    /// <param name="Message">The transition of the message, in the state where both roles can send.</param>
    /// <param name="Crossed">The transition that the receiver has made in that state; it leads to the state in which the message arrives.</param>
    public sealed record NotReceived(Transition Message, Transition Crossed) : Crossing
    {
        /// <summary>Gets the state in which the message arrives.</summary>
        public int At => Crossed.Next;
    }

    /// <summary>Both messages are received, and afterwards the roles are in different states.</summary>
    /// <param name="Client">The client's transition.</param>
    /// <param name="Server">The server's transition.</param>
    /// <param name="ClientEnd">The client's last state.</param>
    /// <param name="ServerEnd">The server's last state.</param>
    public sealed record Diverged(Transition Client, Transition Server, int ClientEnd, int ServerEnd) : Crossing;
}
