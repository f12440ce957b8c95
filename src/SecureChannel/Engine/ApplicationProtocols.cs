using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureChannel.Handshakes;

/// <summary>The choice of an application protocol by its name (RFC 7301): the same in every handshake.</summary>
public static class ApplicationProtocols
{
    private const int MaxNamesShown = 8;

    /// <summary>
    /// Puts names in order: best first as they are given, but of names that differ only in the version after the last slash, such as <c>bank/1</c> and
    /// <c>bank/2</c>, the highest version first.
    /// </summary>
    /// <param name="names">Names as an end speaks them.</param>
    public static ImmutableArray<string> BestFirst(IEnumerable<string> names) =>
        [.. names.GroupBy(Unversioned).SelectMany(versions => versions.OrderByDescending(VersionOf))];

    /// <summary>
    /// Chooses for a server: the first of its own protocols that the client speaks too, in its highest version that both speak. An end without protocols leaves
    /// the choice open.
    /// </summary>
    /// <param name="offered">What the client speaks, best first.</param>
    /// <param name="spoken">What the server speaks, best first.</param>
    /// <param name="chosen">The protocol; null where one end named none.</param>
    /// <param name="error">That they have none in common: it names both lists.</param>
    public static bool TryChoose(
        IReadOnlyCollection<string> offered, ImmutableArray<string> spoken, out string? chosen, [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(offered);
        (chosen, error) = (null, null);
        if (offered.Count == 0 || spoken.IsEmpty)
            return true;

        chosen = BestFirst(spoken).FirstOrDefault(offered.Contains);
        if (chosen is not null)
            return true;

        // RFC 7301 section 3.2: "the server SHALL send a fatal "no_application_protocol" alert".
        error = new SessionError(
            SessionErrorKind.Incompatible, AlertDescription.NoApplicationProtocol, $"The client speaks {Enumerate(offered)}; this server speaks {Enumerate(spoken)}.");
        return false;
    }

    /// <summary>The version in which messages of a protocol travel, 1 or more; the newest if its name has none.</summary>
    internal static int ReleaseOf(string name) => VersionOf(name) is var version and >= 0 ? Math.Max(version, 1) : int.MaxValue;

    private static string Unversioned(string name) => VersionOf(name) < 0 ? name : name[..(name.LastIndexOf('/') + 1)];

    private static int VersionOf(string name) => name.LastIndexOf('/') is var slash and >= 0
        && int.TryParse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    // A peer chose some of these names: no control character reaches a log.
    private static string Enumerate(IEnumerable<string> names)
    {
        var shown = string.Join(", ", names.Take(MaxNamesShown + 1).Select((name, index) => index < MaxNamesShown ? name : "..."));
        return string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character));
    }
}
