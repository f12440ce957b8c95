using System.Globalization;
using SecureChannel;

namespace Samples.Common;

/// <summary>What the command lines of the samples have in common: which role, where, and secured by what.</summary>
internal sealed class SampleOptions
{
    public const string Help = """
          --port N                      the server's port on this machine; 0 lets the system choose
          --handshake NAME              tls (default), key-transport or sslstream; the same for both ends
          --authority FILE              the file with the authority's certificate: the server writes it, a client reads it
        """;

    private readonly Dictionary<string, string> _own = [];

    private SampleOptions()
    {
    }

    /// <summary>What stands before the options: the role, and what it works on.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    public bool WantsHelp { get; private set; }

    public int Port { get; private set; }

    public SessionSecurity Security { get; private set; } = SessionSecurity.Tls13;

    /// <summary>By default a file that only this user can write: whoever writes it decides whom the client trusts.</summary>
    public string Authority { get; private set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "securechannel-samples-authority.pem");

    /// <summary>A key that receives wrapped keys serves no TLS.</summary>
    public CertificatePurpose Purpose => Security == SessionSecurity.KeyTransport ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;

    /// <param name="arguments">The command line.</param>
    /// <param name="own">The names of the options that only this sample has; each takes a value.</param>
    /// <exception cref="ArgumentException">The command line is not understood; the message says why.</exception>
    public static SampleOptions Parse(string[] arguments, params ReadOnlySpan<string> own)
    {
        var options = new SampleOptions();
        var words = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
        options.Words = words;
        for (var index = words.Length; index < arguments.Length; index++)
        {
            var name = arguments[index];
            if (name is "--help" or "-h")
            {
                options.WantsHelp = true;
                continue;
            }

            if (++index >= arguments.Length || !options.TrySet(name, arguments[index], own))
                throw new ArgumentException($"Not understood: {string.Join(' ', arguments[(index - 1)..])}");
        }

        return options;
    }

    /// <summary>The value of an option that only this sample has; the default if it was not given.</summary>
    public string Value(string name, string otherwise) => _own.GetValueOrDefault(name, otherwise);

    /// <summary>The value of an option of this sample that is a number.</summary>
    /// <exception cref="ArgumentException">It is no number within the bounds.</exception>
    public int Number(string name, int otherwise, int min, int max) =>
        int.TryParse(Value(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name} takes a number from {min} to {max}.");

    private bool TrySet(string name, string value, ReadOnlySpan<string> own)
    {
        switch (name)
        {
            case "--port" when int.TryParse(value, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535:
                Port = port;
                return true;
            case "--handshake" when value is "tls" or "key-transport" or "sslstream":
                Security = value switch
                {
                    "tls" => SessionSecurity.Tls13,
                    "key-transport" => SessionSecurity.KeyTransport,
                    _ => SessionSecurity.SslStream,
                };
                return true;
            case "--authority" when value.Length > 0:
                Authority = Path.GetFullPath(value);
                return true;
            default:
                return own.Contains(name) && _own.TryAdd(name, value);
        }
    }
}
