using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>What goes wrong when two messages cross: both roles send in one state, each before it has received what the other sends.</summary>
public abstract record Crossing
{
    private protected Crossing()
    {
    }

    /// <summary>A message arrives where nothing receives it.</summary>
    /// <param name="Message">The message, sent in the state where both may send.</param>
    /// <param name="Crossed">What its receiver sent there meanwhile; it leads to where the message arrives.</param>
    public sealed record NotReceived(Transition Message, Transition Crossed) : Crossing
    {
        /// <summary>The state in which the message arrives.</summary>
        public int At => Crossed.Next;
    }

    /// <summary>Both messages are received, and the roles are in different states.</summary>
    /// <param name="Client">What the client sent.</param>
    /// <param name="Server">What the server sent.</param>
    /// <param name="ClientEnd">Where the client is in the end.</param>
    /// <param name="ServerEnd">Where the server is.</param>
    public sealed record Parted(Transition Client, Transition Server, int ClientEnd, int ServerEnd) : Crossing;
}
