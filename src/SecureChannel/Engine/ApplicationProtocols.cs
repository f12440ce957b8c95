using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureChannel.Handshakes;

/// <summary>The rules for the selection of an application protocol by name (RFC 7301), the same for every handshake.</summary>
public static class ApplicationProtocols
{
    private const int MaxNamesShown = 8;

    /// <summary>
    /// Sorts names by preference. The given order is kept, except that the highest version comes first among names that differ only in the version after the
    /// last slash, such as <c>bank/1</c> and <c>bank/2</c>.
    /// </summary>
    /// <param name="names">The names that an endpoint supports, best first.</param>
    public static ImmutableArray<string> BestFirst(IEnumerable<string> names) =>
        [.. names.GroupBy(Unversioned).SelectMany(versions => versions.OrderByDescending(VersionOf))];

    /// <summary>
    /// Tries to select the protocol that the server prefers among those that the client offers, in the highest version that both endpoints support. If either
    /// endpoint names no protocol, selects none and returns true.
    /// </summary>
    /// <param name="offered">The protocols of the client, best first.</param>
    /// <param name="supported">The protocols of the server, best first.</param>
    /// <param name="chosen">The selected protocol, or null if an endpoint named none.</param>
    /// <param name="error">The error if the endpoints have no protocol in common. The message lists the protocols of each endpoint.</param>
    /// <returns>True if a protocol was selected or none is needed; otherwise, false.</returns>
    public static bool TryChoose(
        IReadOnlyCollection<string> offered, ImmutableArray<string> supported, out string? chosen, [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(offered);
        (chosen, error) = (null, null);
        if (offered.Count == 0 || supported.IsEmpty)
            return true;

        chosen = BestFirst(supported).FirstOrDefault(offered.Contains);
        if (chosen is not null)
            return true;

        // RFC 7301 section 3.2: "the server SHALL send a fatal "no_application_protocol" alert".
        error = new SessionError(
            SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol, AlertDescription.NoApplicationProtocol, $"The endpoints have no application protocol in common. The client supports {Enumerate(offered)}; the server supports {Enumerate(supported)}.");
        return false;
    }

    /// <summary>
    /// Returns the version of the messages that a protocol's name selects: the number after the last slash, but at least 1. Returns <see cref="int.MaxValue"/>,
    /// the newest version, if the name has no number.
    /// </summary>
    internal static int ReleaseOf(string name) => VersionOf(name) is var version and >= 0 ? Math.Max(version, 1) : int.MaxValue;

    private static string Unversioned(string name) => VersionOf(name) < 0 ? name : name[..(name.LastIndexOf('/') + 1)];

    private static int VersionOf(string name) => name.LastIndexOf('/') is var slash and >= 0
        && int.TryParse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    // The peer chose some of these names, so control characters must not reach a log.
    private static string Enumerate(IEnumerable<string> names)
    {
        var shown = string.Join(", ", names.Take(MaxNamesShown + 1).Select((name, index) => index < MaxNamesShown ? name : "..."));
        return string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character));
    }
}
