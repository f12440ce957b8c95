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
public sealed record DeclarationModel(
    DeclarationKind Kind,
    string ProtocolName,
    string Namespace,
    string Name,
    bool IsPublic,
    EquatableArray<StateModel> States,
    string? Documentation)
{
    /// <summary><c>public</c> or <c>internal</c>.</summary>
    public string Accessibility => IsPublic ? "public" : "internal";

    /// <summary>The version, which follows the last slash of the name: 2 for <c>bank/2</c>; null if the name has none.</summary>
    public int? Version => int.TryParse(ProtocolName.Substring(ProtocolName.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && ProtocolName.Contains('/') ? version : null;

    /// <summary>Gets all transitions, state by state.</summary>
    public IEnumerable<Transition> Transitions => States.SelectMany(state => state.Transitions);

    /// <summary>The state with that index.</summary>
    public StateModel this[int index] => States[index];
}

/// <summary>Which attribute an enum is declared with.</summary>
public enum DeclarationKind
{
    /// <summary><c>[Protocol]</c>.</summary>
    Protocol,

    /// <summary><c>[Handshake]</c>.</summary>
    Handshake,
}
