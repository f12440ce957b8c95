using System.Globalization;

namespace SecureChannel.Model.Declarations;

/// <summary>
/// An enum with <c>[Protocol]</c> or <c>[Handshake]</c>: a graph of states and transitions. The model contains no symbol, syntax or location and is compared
/// by value, so that an unrelated edit does not repeat the generation.
/// </summary>
/// <param name="Kind">The kind of declaration.</param>
/// <param name="ProtocolName">The name and version on the wire, such as <c>bank/1</c>.</param>
/// <param name="Namespace">The enum's namespace; empty for the global namespace.</param>
/// <param name="Name">The enum's name.</param>
/// <param name="IsPublic">True if the enum is public; false if it is internal.</param>
/// <param name="States">The members in order; both roles begin in the first.</param>
/// <param name="Documentation">The content of the enum's summary as XML; null if it has no summary.</param>
/// <param name="RequiresClientIdentity">True if the protocol requires the proven identity of the client.</param>
/// <param name="RequiresServerIdentity">True if the protocol requires the proven identity of the server.</param>
public sealed record DeclarationModel(
    DeclarationKind Kind,
    string ProtocolName,
    string Namespace,
    string Name,
    bool IsPublic,
    EquatableArray<StateModel> States,
    string? Documentation,
    bool RequiresClientIdentity = false,
    bool RequiresServerIdentity = false)
{
    /// <summary>Gets the accessibility in code: <c>public</c> or <c>internal</c>.</summary>
    public string Accessibility => IsPublic ? "public" : "internal";

    /// <summary>Gets the version after the last slash of the name, such as 2 for <c>bank/2</c>; null if the name has no version.</summary>
    public int? Version => int.TryParse(ProtocolName.Substring(ProtocolName.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && ProtocolName.Contains('/') ? version : null;

    /// <summary>Gets all transitions, state by state.</summary>
    public IEnumerable<Transition> Transitions => States.SelectMany(state => state.Transitions);

    /// <summary>Gets the state at an index.</summary>
    /// <param name="index">The state's index.</param>
    public StateModel this[int index] => States[index];
}

/// <summary>The kinds of declarations, by the attribute of the enum.</summary>
public enum DeclarationKind
{
    /// <summary>A protocol, declared with <c>[Protocol]</c>.</summary>
    Protocol,

    /// <summary>A handshake, declared with <c>[Handshake]</c>.</summary>
    Handshake,
}
