using System.Globalization;

namespace SecureChannel.Model.Declarations;

/// <summary>
/// An enum with <c>[Protocol]</c> or <c>[Handshake]</c>: its states and what leads from one to another. Holds no symbol, syntax or location, and two of equal
/// content are equal, so that an unrelated edit re-emits nothing.
/// </summary>
/// <param name="Kind">Which of the two attributes it has.</param>
/// <param name="ProtocolName">Name and version on the wire, such as <c>bank/1</c>.</param>
/// <param name="Namespace">The enum's namespace; empty for the global one.</param>
/// <param name="Name">The enum's name.</param>
/// <param name="IsPublic">Whether the enum is public; else it is internal.</param>
/// <param name="States">The members, in order; the first is where both roles begin.</param>
/// <param name="Documentation">The content of the enum's summary as XML; null if it has none.</param>
/// <param name="Anytime">What <c>[Anytime&lt;T&gt;]</c> on the enum declares: part of each state's transitions, but of those that are final.</param>
public sealed record DeclarationModel(
    DeclarationKind Kind,
    string ProtocolName,
    string Namespace,
    string Name,
    bool IsPublic,
    EquatableArray<StateModel> States,
    string? Documentation,
    EquatableArray<AnytimeModel> Anytime = default)
{
    /// <summary><c>public</c> or <c>internal</c>.</summary>
    public string Accessibility => IsPublic ? "public" : "internal";

    /// <summary>The version, which follows the last slash of the name: 2 for <c>bank/2</c>; null if the name has none.</summary>
    public int? Version => int.TryParse(ProtocolName.Substring(ProtocolName.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && ProtocolName.Contains('/') ? version : null;

    /// <summary>The state with that index.</summary>
    public StateModel this[int index] => States[index];

    /// <summary>
    /// The state that a message of a role leads to where it arrives; null if nothing receives it there. What may be sent at any time may arrive after the end
    /// too: it is dropped unread.
    /// </summary>
    /// <param name="state">The state in which it arrives.</param>
    /// <param name="sender">Who has sent it.</param>
    /// <param name="message">The message.</param>
    public int? Arrive(int state, RoleModel sender, MessageReference message)
    {
        foreach (var transition in States[state].Transitions)
        {
            if (transition.Role == sender && transition.Message.Equals(message))
                return transition.Next;
        }

        return States[state].IsFinal && Anytime.Any(anytime => anytime.IsSentBy(sender) && anytime.Message.Equals(message)) ? state : null;
    }
}

/// <summary>Which attribute an enum is declared with.</summary>
public enum DeclarationKind
{
    /// <summary><c>[Protocol]</c>.</summary>
    Protocol,

    /// <summary><c>[Handshake]</c>.</summary>
    Handshake,
}
