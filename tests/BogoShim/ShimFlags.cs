using System.Globalization;

namespace SecureChannel.Bogo;

/// <summary>The flags of the runner for one connection.</summary>
internal sealed class ShimFlags
{
    private static readonly HashSet<string> Switches =
    [
        // The role and the transport.
        "-server", "-ipv6",

        // A client whose verifier belongs to the application always requests an OCSP response.
        "-enable-ocsp-stapling",

        // Conditions of the API of BoringSSL that every session of this library fulfills, or that concern older versions only.
        "-async", "-implicit-handshake", "-no-op-extra-handshake", "-handshake-never-done", "-partial-write", "-use-custom-verify-callback",
        "-no-tls1", "-no-tls11", "-no-tls12", "-no-legacy-server-connect", "-cbc-record-splitting", "-allow-false-start-without-alpn",
        "-no-ticket", "-verify-peer", "-expect-extended-master-secret", "-expect-secure-renegotiation", "-expect-no-session",
        "-renegotiate-freely", "-renegotiate-ignore", "-renegotiate-once", "-forbid-renegotiation-after-handshake", "-use-early-callback",

        // The exchange of data.
        "-shim-writes-first", "-shim-shuts-down", "-check-close-notify", "-use-export-context", "-write-different-record-sizes", "-send-alert",
        "-read-with-unfinished-write", "-use-exporter-between-reads",

        // Options.
        "-require-any-client-certificate", "-use-old-client-cert-callback", "-new-x509-credential", "-fips-202205", "-wpa-202304",
        "-expect-hrr", "-expect-no-hrr",
        "-verify-fail", "-fail-cert-callback", "-fail-early-callback", "-decline-alpn", "-reject-alpn", "-expect-no-server-name", "-expect-no-peer-cert",
        "-expect-session-miss", "-expect-no-session-id", "-expect-verify-result",
    ];

    private static readonly HashSet<string> Values =
    [
        "-port", "-shim-id", "-resume-count", "-min-version", "-max-version", "-expect-version", "-cipher", "-trust-cert", "-cert-file", "-key-file",
        "-host-name", "-expect-server-name", "-advertise-alpn", "-select-alpn", "-expect-alpn", "-expect-advertised-alpn",
        "-curves", "-verify-prefs", "-signing-prefs",
        "-expect-curve-id", "-expect-peer-signature-algorithm", "-expect-cipher", "-expect-cipher-aes", "-expect-cipher-no-aes", "-expect-peer-cert-file",
        "-export-keying-material", "-export-label", "-export-context", "-shim-initial-write", "-repeat-shim-initial-write", "-read-size",
        "-max-cert-list", "-ocsp-response", "-expect-total-renegotiations", "-expect-client-ca-list", "-expect-ocsp-response", "-expect-selected-credential",
    ];

    private readonly List<(string Name, string Value)> _flags = [];

    private ShimFlags()
    {
    }

    /// <summary>Parses the command line.</summary>
    /// <param name="arguments">The flags of the runner.</param>
    /// <param name="index">The number of the connection: 0 for the first one, then one for each resumption.</param>
    /// <exception cref="UnimplementedException">A flag has no equivalent in the public API.</exception>
    public static ShimFlags Parse(IReadOnlyList<string> arguments, int index)
    {
        var flags = new ShimFlags();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            var isOther = Strip(ref name, "-on-initial") ? index > 0 : Strip(ref name, "-on-resume") && index == 0;
            var hasValue = Values.Contains(name);
            if (!hasValue && !Switches.Contains(name))
                throw new UnimplementedException($"The flag '{name}' has no equivalent option.");
            if (hasValue && ++i == arguments.Count)
                throw new UnimplementedException($"The flag '{name}' has no value.");
            if (!isOther)
                flags._flags.Add((name, hasValue ? arguments[i] : ""));
        }

        return flags;
    }

    /// <summary>Returns a value that indicates whether a flag is set.</summary>
    public bool Has(string name) => _flags.Exists(flag => flag.Name == Known(name));

    /// <summary>Returns the number of times that a flag is set.</summary>
    public int Count(string name) => _flags.Count(flag => flag.Name == Known(name));

    /// <summary>Returns the last value of a flag, or null if it is not set.</summary>
    public string? Value(string name) => _flags.FindLast(flag => flag.Name == Known(name)).Value;

    /// <summary>Returns the last value of a flag as a number, or null if it is not set.</summary>
    public int? Number(string name) => Value(name) is { } value ? ParseNumber(value) : null;

    /// <summary>Returns all values of a flag as numbers, in order.</summary>
    public IReadOnlyList<int> Numbers(string name) => [.. _flags.Where(flag => flag.Name == Known(name)).Select(flag => ParseNumber(flag.Value))];

    private static bool Strip(ref string name, string prefix)
    {
        if (!name.StartsWith(prefix + "-", StringComparison.Ordinal))
            return false;
        name = name[prefix.Length..];
        return true;
    }

    private static string Known(string name) =>
        Values.Contains(name) || Switches.Contains(name) ? name : throw new ArgumentException($"'{name}' is not a flag of this program.", nameof(name));

    private static int ParseNumber(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
