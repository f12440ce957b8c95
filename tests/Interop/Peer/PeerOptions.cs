using System.Globalization;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;

namespace SecureChannel.Interop;

internal enum PeerRole
{
    Help,
    Serve,
    Connect,
}

/// <summary>What the command line asks for.</summary>
internal sealed class PeerOptions
{
    public const string Help = """
        SecureChannel's TLS 1.3 as a peer for other implementations. It writes one line of JSON for each session: what was negotiated, and how it ended.

          peer serve --port N --cert PEM --key PEM [options] [--www | --echo]
          peer connect HOST:PORT --ca PEM [options] [--name N] [--send TEXT | --get PATH | --bulk BYTES] [--times N]

        serve
          --port N        the port on all addresses; 0 lets the system choose; the first line tells which
          --cert PEM      the file with the server's certificate, and after it the intermediates
          --key PEM       the file with its private key: ECDSA, RSA, RSA-PSS or Ed25519
          --echo          send back what comes, until the client closes its direction (this is what is done if nothing is said)
          --www           answer an HTTP/1.0 GET with a page of what was negotiated, and close

        connect
          --ca PEM        the file with the authorities to trust
          --name N        the name that the certificate must be for, and that is sent as SNI; HOST if not given
          --send TEXT     send a line, close this direction, and read to the end ("hello" if nothing is said)
          --get PATH      ask for a page by HTTP/1.0, and read to the end
          --bulk BYTES    send that many bytes while they come back, and compare them
          --times N       that many sessions, one after another

        both
          --alpn A,B      the application protocols, best first
          --groups A,B    of x25519, secp256r1, secp384r1, best first
          --suites A,B    of TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, best first
          --provider P    sodium (if not given) or bcl
          --keylog FILE   append the sessions' secrets (the format of SSLKEYLOGFILE): whoever reads it can read the sessions
        """;

    private readonly List<CipherSuite> _suites = [];
    private readonly List<NamedGroup> _groups = [];
    private readonly List<string> _alpn = [];
    private string? _keyLog;

    public PeerRole Role { get; private set; }

    public int? Port { get; private set; }

    public string Host { get; private set; } = "";

    public string? Certificate { get; private set; }

    public string? Key { get; private set; }

    public string? Authorities { get; private set; }

    public string? Name { get; private set; }

    public bool ServesPage { get; private set; }

    public string? Send { get; private set; }

    public string? Get { get; private set; }

    public int? Bulk { get; private set; }

    public int Times { get; private set; } = 1;

    public CryptographyProvider Cryptography { get; private set; } = SodiumProvider.Instance;

    /// <exception cref="ArgumentException">The command line is not understood; the message says why.</exception>
    public static PeerOptions Parse(string[] arguments)
    {
        var options = new PeerOptions();
        if (arguments is [] or ["--help" or "-h" or "help", ..])
            return options;
        options.Role = arguments[0] switch
        {
            "serve" => PeerRole.Serve,
            "connect" => PeerRole.Connect,
            _ => throw new ArgumentException($"\"{arguments[0]}\" is neither serve nor connect."),
        };
        for (var index = 1; index < arguments.Length; index++)
            options.Take(arguments, ref index);
        options.Check();
        return options;
    }

    public ClientOptions ToClientOptions() => new()
    {
        Trust = TrustPolicy.FromPem(File.ReadAllText(Authorities!)),
        ServerName = Name ?? Host,
        Security = SessionSecurity.Tls13,
        Cryptography = Cryptography,
        CipherSuites = _suites,
        Groups = _groups,
        ApplicationProtocols = _alpn,
        KeyLog = CreateKeyLog(),
        AllowHalfClose = true,
        IdleTimeout = null,
        HandshakeTimeout = TimeSpan.FromSeconds(60),
    };

    public ServerOptions ToServerOptions(CertificateIdentity identity, Action<HandshakeFailure> failed) => new()
    {
        Identity = identity,
        Security = SessionSecurity.Tls13,
        Cryptography = Cryptography,
        CipherSuites = _suites,
        Groups = _groups,
        ApplicationProtocols = _alpn,
        KeyLog = CreateKeyLog(),
        AllowHalfClose = true,
        IdleTimeout = null,
        HandshakeTimeout = TimeSpan.FromSeconds(60),
        HandshakeFailed = failed,
    };

    private void Take(string[] arguments, ref int index)
    {
        var word = arguments[index];
        if (word is "--help" or "-h")
        {
            Role = PeerRole.Help;
        }
        else if (word is "--www" or "--echo" && Role == PeerRole.Serve)
        {
            ServesPage = word == "--www";
        }
        else if (!word.StartsWith("--", StringComparison.Ordinal) && Role == PeerRole.Connect && Host.Length == 0)
        {
            var colon = word.LastIndexOf(':');
            if (colon <= 0)
                throw new ArgumentException($"\"{word}\" is no HOST:PORT.");
            (Host, Port) = (word[..colon].Trim('[', ']'), Number(word[(colon + 1)..], "PORT", 65535));
        }
        else if (index + 1 < arguments.Length)
        {
            TakeValue(word, arguments[++index]);
        }
        else
        {
            throw new ArgumentException($"{word} is not known here, or its value is missing.");
        }
    }

    private void TakeValue(string word, string value)
    {
        switch (word)
        {
            case "--port" when Role == PeerRole.Serve: Port = Number(value, word, 65535); break;
            case "--cert" when Role == PeerRole.Serve: Certificate = value; break;
            case "--key" when Role == PeerRole.Serve: Key = value; break;
            case "--ca" when Role == PeerRole.Connect: Authorities = value; break;
            case "--name" when Role == PeerRole.Connect: Name = value; break;
            case "--send" when Role == PeerRole.Connect: Send = value; break;
            case "--get" when Role == PeerRole.Connect: Get = value; break;
            case "--bulk" when Role == PeerRole.Connect: Bulk = Number(value, word, 1 << 30); break;
            case "--times" when Role == PeerRole.Connect: Times = Number(value, word, 1_000_000); break;
            case "--alpn": _alpn.AddRange(value.Split(',')); break;
            case "--groups": AddKnown(_groups, value, Cryptography.Groups, group => group.Name); break;
            case "--suites": AddKnown(_suites, value, Cryptography.CipherSuites, suite => suite.Name); break;
            case "--keylog": _keyLog = value; break;
            case "--provider" when value is "sodium" or "bcl": Cryptography = value == "bcl" ? CryptographyProvider.Platform : SodiumProvider.Instance; break;
            case "--provider": throw new ArgumentException($"\"{value}\" is no provider: sodium and bcl are.");
            default: throw new ArgumentException($"{word} is not known for {Role.ToString().ToLowerInvariant()}.");
        }
    }

    private void Check()
    {
        string? missing = Role switch
        {
            PeerRole.Serve => Port is null ? "--port" : Certificate is null ? "--cert" : Key is null ? "--key" : null,
            PeerRole.Connect => Host.Length == 0 ? "HOST:PORT" : Authorities is null ? "--ca" : null,
            _ => null,
        };
        if (missing is not null)
            throw new ArgumentException($"{Role.ToString().ToLowerInvariant()} needs {missing}.");
    }

    private Action<string>? CreateKeyLog()
    {
        if (_keyLog is null)
            return null;
        var gate = new Lock();
        return line =>
        {
            lock (gate)
                File.AppendAllText(_keyLog, line + "\n");
        };
    }

    private static int Number(string text, string name, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new ArgumentException($"{name} is a number from 0 to {most}, not \"{text}\".");

    private static void AddKnown<T>(List<T> chosen, string names, IReadOnlyCollection<T> known, Func<T, string> nameOf)
    {
        foreach (var name in names.Split(','))
        {
            var found = known.Where(value => string.Equals(nameOf(value), name, StringComparison.OrdinalIgnoreCase)).ToList();
            chosen.Add(found.Count == 1 ? found[0] : throw new ArgumentException($"\"{name}\" is not known: {string.Join(", ", known.Select(nameOf))} are."));
        }
    }
}
