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

/// <summary>The command line.</summary>
internal sealed class PeerOptions
{
    public const string Help = """
        Usage: peer serve --port N --cert PEM --key PEM [options]
               peer connect HOST:PORT --ca PEM [options]

        Runs this library's TLS 1.3 as a peer for other implementations. Writes one line of JSON for each session, with the negotiated parameters and the end.

        Options of serve:
          --port N        Port on all addresses, 0 to 65535. 0 lets the system choose one. The first line reports it.
          --cert PEM      File with the server's certificate, followed by the intermediate certificates.
          --key PEM       File with the private key: ECDSA, RSA, RSA-PSS or Ed25519.
          --client-ca PEM File with the authorities of the clients' certificates. Each client must then present one.
          --echo          Sends received data back until the client closes its direction. This is the default.
          --www           Answers an HTTP/1.0 GET with a page of the negotiated parameters, and closes the session.

        Options of connect:
          --ca PEM        File with the trusted authorities.
          --name N        Name that the certificate must have, also sent as SNI. The default is HOST.
          --cert PEM      File with the client's certificate, followed by the intermediate certificates. It is presented if the server requests one.
          --key PEM       File with its private key.
          --send TEXT     Sends a line, closes the direction and reads to the end. This is the default, with the text "hello".
          --get PATH      Requests a page with HTTP/1.0 and reads to the end.
          --bulk BYTES    Sends a number of bytes, up to 1073741824, while receiving them back, and compares them.
          --times N       Number of consecutive sessions, up to 1000000. The default is 1.

        Options of both:
          --alpn A,B      Application protocols in order of preference.
          --groups A,B    Groups in order of preference: X25519MLKEM768, x25519, secp256r1, secp384r1, secp521r1.
          --suites A,B    Cipher suites in order of preference: TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256.
          --provider P    Cryptography provider: sodium (default) or platform.
          --keylog FILE   Appends the secrets of the sessions in the format of SSLKEYLOGFILE. Everybody who can read the file can decrypt the sessions.
          -h, --help      Shows this help.
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

    public string? ClientAuthorities { get; private set; }

    public string? Name { get; private set; }

    public bool ServesPage { get; private set; }

    public string? Send { get; private set; }

    public string? Get { get; private set; }

    public int? Bulk { get; private set; }

    public int Times { get; private set; } = 1;

    public CryptographyProvider Cryptography { get; private set; } = SodiumProvider.Instance;

    /// <summary>Parses a command line.</summary>
    /// <exception cref="ArgumentException">The command line is not valid.</exception>
    public static PeerOptions Parse(string[] arguments)
    {
        var options = new PeerOptions();
        if (arguments is [] or ["--help" or "-h" or "help", ..])
            return options;
        options.Role = arguments[0] switch
        {
            "serve" => PeerRole.Serve,
            "connect" => PeerRole.Connect,
            _ => throw new ArgumentException($"The command must be 'serve' or 'connect', not '{arguments[0]}'."),
        };
        for (var index = 1; index < arguments.Length; index++)
            options.Parse(arguments, ref index);
        options.Validate();
        return options;
    }

    public ClientOptions ToClientOptions() => new()
    {
        Trust = TrustPolicy.FromPemFile(Authorities!),
        Identity = Certificate is null ? null : CertificateIdentity.FromPemFile(Certificate, Key!),
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
        ClientAuthentication = ClientAuthorities is null ? ClientAuthenticationMode.None : ClientAuthenticationMode.Require,
        ClientTrust = ClientAuthorities is null ? null : TrustPolicy.FromPemFile(ClientAuthorities),
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

    private void Parse(string[] arguments, ref int index)
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
                throw new ArgumentException($"The server must be HOST:PORT, not '{word}'.");
            (Host, Port) = (word[..colon].Trim('[', ']'), Number(word[(colon + 1)..], "PORT", 65535));
        }
        else if (index + 1 < arguments.Length)
        {
            SetValue(word, arguments[++index]);
        }
        else
        {
            throw new ArgumentException($"'{word}' is not a valid option, or its value is missing.");
        }
    }

    private void SetValue(string word, string value)
    {
        switch (word)
        {
            case "--port" when Role == PeerRole.Serve: Port = Number(value, word, 65535); break;
            case "--cert": Certificate = value; break;
            case "--key": Key = value; break;
            case "--client-ca" when Role == PeerRole.Serve: ClientAuthorities = value; break;
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
            case "--provider" when value is "sodium" or "platform": Cryptography = value == "sodium" ? SodiumProvider.Instance : CryptographyProvider.Platform; break;
            case "--provider": throw new ArgumentException($"'--provider' must be 'sodium' or 'platform', not '{value}'.");
            default: throw new ArgumentException($"'{word}' is not a valid option of '{Role.ToString().ToLowerInvariant()}'.");
        }
    }

    private void Validate()
    {
        string? missing = Role switch
        {
            PeerRole.Serve => Port is null ? "--port" : Certificate is null ? "--cert" : Key is null ? "--key" : null,
            PeerRole.Connect => Host.Length == 0 ? "HOST:PORT" : Authorities is null ? "--ca" : Certificate is not null && Key is null ? "--key" : null,
            _ => null,
        };
        if (missing is not null)
            throw new ArgumentException($"'{Role.ToString().ToLowerInvariant()}' requires {missing}.");
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

    private static int Number(string text, string name, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new ArgumentException($"'{name}' must be a number from 0 to {max}, not '{text}'.");

    private static void AddKnown<T>(List<T> chosen, string names, IReadOnlyCollection<T> known, Func<T, string> nameOf)
    {
        foreach (var name in names.Split(','))
        {
            var found = known.Where(value => string.Equals(nameOf(value), name, StringComparison.OrdinalIgnoreCase)).ToList();
            chosen.Add(found.Count == 1 ? found[0] : throw new ArgumentException($"'{name}' is not supported. Use one of {string.Join(", ", known.Select(nameOf))}."));
        }
    }
}
