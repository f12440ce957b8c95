using System.Globalization;
using SecureChannel;

namespace Samples.Banking;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    public const string Help = """
        The bank of README.md: typed messages over a session that is authentic, private and trusted.

          Bank                          everything: a server and a client as two processes
          Bank server [--port N]        the server alone; it writes its authority's certificate to a file
          Bank client --port N          the client alone; it reads that file

          --port N                      the server's port on this machine; 0 lets the system choose
          --handshake NAME              tls (default), key-transport or sslstream; the same for both ends
          --authority FILE              the file with the authority's certificate
          --idle-timeout SECONDS        what the client proposes; 2 if not given
        """;

    public string Role { get; private set; } = "tour";

    public int Port { get; private set; }

    public string Handshake { get; private set; } = "tls";

    public TimeSpan IdleTimeout { get; private set; } = TimeSpan.FromSeconds(2);

    /// <summary>By default a file that only this user can write: whoever writes it decides whom the client trusts.</summary>
    public string Authority { get; private set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "securechannel-bank-authority.pem");

    public SessionSecurity Security => Handshake switch
    {
        "key-transport" => SessionSecurity.KeyTransport,
        "sslstream" => SessionSecurity.SslStream,
        _ => SessionSecurity.Tls13,
    };

    /// <summary>A key that receives wrapped keys serves no TLS.</summary>
    public CertificatePurpose Purpose => Handshake == "key-transport" ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;

    /// <exception cref="ArgumentException">The command line is not understood; the message says why.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        for (var index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--help" or "-h":
                    options.Role = "help";
                    break;
                case "server" or "client" when index == 0:
                    options.Role = arguments[index];
                    break;
                case "--port" when int.TryParse(Value(), CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535:
                    options.Port = port;
                    index++;
                    break;
                case "--handshake" when Value() is "tls" or "key-transport" or "sslstream":
                    options.Handshake = Value();
                    index++;
                    break;
                case "--authority" when Value().Length > 0:
                    options.Authority = Path.GetFullPath(Value());
                    index++;
                    break;
                case "--idle-timeout" when int.TryParse(Value(), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86400:
                    options.IdleTimeout = TimeSpan.FromSeconds(seconds);
                    index++;
                    break;
                default:
                    throw new ArgumentException($"Not understood: {string.Join(' ', arguments[index..])}");
            }

            string Value() => index + 1 < arguments.Length ? arguments[index + 1] : "";
        }

        return options is { Role: "client", Port: 0 } ? throw new ArgumentException("A client needs --port.") : options;
    }
}
