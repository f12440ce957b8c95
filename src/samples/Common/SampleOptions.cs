using System.Globalization;
using SecureChannel;

namespace Samples.Common;

/// <summary>The command line of a sample: the command, and the options that all samples share.</summary>
public sealed class SampleOptions
{
    /// <summary>The help text for the shared options.</summary>
    public const string Help = """
          --port N             Port of the server on this machine, 0 to 65535. The default, 0, lets the system choose one. Clients must set it.
          --handshake NAME     tls (default), key-transport or sslstream. Both endpoints must use the same handshake.
          --authority FILE     PEM file with the certificate of the authority. The server writes it; clients trust it.
          -h, --help           Shows this help.
        """;

    private readonly Dictionary<string, string> _ownOptions = [];

    private SampleOptions()
    {
    }

    /// <summary>Gets the arguments before the first option: the command and its operands.</summary>
    public IReadOnlyList<string> Command { get; private set; } = [];

    /// <summary>Gets a value that indicates whether the user asked for help.</summary>
    public bool ShowHelp { get; private set; }

    /// <summary>Gets the port of the server, or 0 if the system chooses one.</summary>
    public int Port { get; private set; }

    /// <summary>Gets the name of the handshake, as on the command line.</summary>
    public string Handshake { get; private set; } = "tls";

    /// <summary>Gets the path of the authority's certificate.</summary>
    /// <remarks>By default, only the current user can write the file, because its content decides which servers a client trusts.</remarks>
    public string AuthorityFile { get; private set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "securechannel-samples-authority.pem");

    /// <summary>Gets the handshake.</summary>
    public SessionSecurity Security => Handshake switch
    {
        "key-transport" => SessionSecurity.KeyTransport,
        "sslstream" => SessionSecurity.SslStream,
        _ => SessionSecurity.Tls13,
    };

    /// <summary>Gets the purpose of the server certificate. A key that unwraps keys for KeyTransport must not be used for TLS.</summary>
    public CertificatePurpose Purpose => Handshake == "key-transport" ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;

    /// <summary>Parses a command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="ownOptions">The names of the options that only this sample has. Each has a value.</param>
    /// <exception cref="ArgumentException">The command line is not valid.</exception>
    public static SampleOptions Parse(string[] arguments, params ReadOnlySpan<string> ownOptions)
    {
        var command = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
        var options = new SampleOptions { Command = command };
        for (var index = command.Length; index < arguments.Length; index++)
        {
            var name = arguments[index];
            if (name is "--help" or "-h")
            {
                options.ShowHelp = true;
                continue;
            }

            if (++index >= arguments.Length || !options.TrySet(name, arguments[index], ownOptions))
                throw new ArgumentException($"'{string.Join(' ', arguments[(index - 1)..])}' is not a valid option.");
        }

        return options;
    }

    /// <summary>Gets the value of an option that only this sample has.</summary>
    public string GetValue(string name, string defaultValue) => _ownOptions.GetValueOrDefault(name, defaultValue);

    /// <summary>Gets the value of a numeric option that only this sample has.</summary>
    /// <exception cref="ArgumentException">The value is not a number from <paramref name="min"/> to <paramref name="max"/>.</exception>
    public int GetNumber(string name, int defaultValue, int min, int max) =>
        !_ownOptions.TryGetValue(name, out var value) ? defaultValue
        : int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new ArgumentException($"'{name}' must be a number from {min} to {max}.");

    /// <summary>Gets the port for a client, which cannot choose one itself.</summary>
    /// <exception cref="ArgumentException">The command line has no port.</exception>
    public int GetClientPort() => Port != 0 ? Port : throw new ArgumentException("A client must set '--port'.");

    /// <summary>Creates the exception for a command that the sample does not have.</summary>
    public ArgumentException UnknownCommand() => new($"'{string.Join(' ', Command)}' is not a valid command.");

    private bool TrySet(string name, string value, ReadOnlySpan<string> ownOptions)
    {
        switch (name)
        {
            case "--port" when int.TryParse(value, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535:
                Port = port;
                return true;
            case "--handshake" when value is "tls" or "key-transport" or "sslstream":
                Handshake = value;
                return true;
            case "--authority" when value.Length > 0:
                AuthorityFile = Path.GetFullPath(value);
                return true;
            default:
                return ownOptions.Contains(name) && _ownOptions.TryAdd(name, value);
        }
    }
}
