using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureChannel.Handshakes;

/// <summary>The rules for the selection of an application protocol by name (RFC 7301), the same for every handshake.</summary>
public static class ApplicationProtocols
{
    /// <summary>
    /// Sorts names by preference. The given order is kept, except that the highest version comes first among names that differ only in the version after the
    /// last slash, such as <c>bank/1</c> and <c>bank/2</c>.
    /// </summary>
    /// <param name="names">The names that an endpoint supports, best first.</param>
    public static ImmutableArray<string> BestFirst(IEnumerable<string> names) =>
        [.. names.GroupBy(Unversioned).SelectMany(versions => versions.OrderByDescending(VersionOf))];

    /// <summary>
    /// Tries to select the protocol that the server prefers among those that the client offers, in the highest version that both endpoints support. If the
    /// server names no protocol, selects none and returns true.
    /// </summary>
    /// <param name="offered">The protocols of the client, best first.</param>
    /// <param name="supported">The protocols of the server, best first.</param>
    /// <param name="chosen">The selected protocol, or null if none was selected.</param>
    /// <param name="error">The error if the endpoints have no protocol in common. The message lists the protocols of each endpoint.</param>
    /// <param name="isRequired">True to fail if the server names protocols and the client names none; false to select none in that case.</param>
    /// <returns>True if a protocol was selected or none is needed; otherwise, false.</returns>
    public static bool TryChoose(
        IReadOnlyCollection<string> offered,
        ImmutableArray<string> supported,
        out string? chosen,
        [NotNullWhen(false)] out SessionError? error,
        bool isRequired = true)
    {
        ArgumentNullException.ThrowIfNull(offered);
        return TryChooseFrom(new OfferedNames(offered), supported, out chosen, out error, isRequired);
    }

    /// <summary>
    /// Tries to select the protocol that the server prefers among those that the client offers, in the highest version that both endpoints support. If the
    /// server names no protocol, selects none and returns true.
    /// </summary>
    /// <param name="offered">The protocols of the client, best first. The list must be well-formed.</param>
    /// <param name="supported">The protocols of the server, best first.</param>
    /// <param name="chosen">The selected protocol, or null if none was selected.</param>
    /// <param name="error">The error if the endpoints have no protocol in common. The message lists the protocols of each endpoint.</param>
    /// <param name="isRequired">True to fail if the server names protocols and the client names none; false to select none in that case.</param>
    /// <returns>True if a protocol was selected or none is needed; otherwise, false.</returns>
    public static bool TryChoose(
        ProtocolNames offered,
        ImmutableArray<string> supported,
        out string? chosen,
        [NotNullWhen(false)] out SessionError? error,
        bool isRequired = true) => TryChooseFrom(offered, supported, out chosen, out error, isRequired);

    /// <summary>
    /// Checks that an application protocol was negotiated if an endpoint requires one. Returns null if that is the case; otherwise, the error.
    /// </summary>
    /// <param name="chosen">The negotiated protocol; null for none.</param>
    /// <param name="supported">The protocols of the local endpoint.</param>
    /// <param name="isRequired">True if the local endpoint requires one of its protocols; otherwise, false.</param>
    /// <param name="role">The role of the local endpoint.</param>
    public static SessionError? CheckChoice(string? chosen, IReadOnlyCollection<string> supported, bool isRequired, Role role)
    {
        ArgumentNullException.ThrowIfNull(supported);
        if (chosen is not null || supported.Count == 0 || !isRequired)
            return null;
        return NoneInCommon(role == Role.Client
            ? $"The server selected no application protocol, but this client requires one of {PeerText.List(supported)}."
            : $"The client offers no application protocol, but this server requires one of {PeerText.List(supported)}.");
    }

    /// <summary>
    /// Returns the version of the messages that a protocol's name selects: the number after the last slash, but at least 1. Returns <see cref="int.MaxValue"/>,
    /// the newest version, if the name has no number.
    /// </summary>
    internal static int ReleaseOf(string name) => VersionOf(name) is var version and >= 0 ? Math.Max(version, 1) : int.MaxValue;

    private static bool TryChooseFrom<TOffer>(
        TOffer offered, ImmutableArray<string> supported, out string? chosen, [NotNullWhen(false)] out SessionError? error, bool isRequired)
        where TOffer : struct, IOfferedProtocols
    {
        (chosen, error) = (null, null);
        if (supported.IsEmpty)
            return true;
        if (offered.IsEmpty)
        {
            error = CheckChoice(null, supported, isRequired, Role.Server);
            return error is null;
        }

        foreach (var name in BestFirst(supported))
        {
            if (!offered.Contains(name))
                continue;
            chosen = name;
            return true;
        }

        error = NoneInCommon(
            $"The endpoints have no application protocol in common. The client supports {PeerText.List(offered.Names)}; the server supports {PeerText.List(supported)}.");
        return false;
    }

    private static string Unversioned(string name) => VersionOf(name) < 0 ? name : name[..(name.LastIndexOf('/') + 1)];

    private static int VersionOf(string name) => name.LastIndexOf('/') is var slash and >= 0
        && int.TryParse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    // RFC 7301 section 3.2: "the server SHALL send a fatal "no_application_protocol" alert".
    private static SessionError NoneInCommon(string message) =>
        new(SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol, message);

    private readonly struct OfferedNames(IReadOnlyCollection<string> names) : IOfferedProtocols
    {
        public bool IsEmpty => names.Count == 0;

        public IEnumerable<string> Names => names;

        public bool Contains(string name) => names.Contains(name);
    }
}
