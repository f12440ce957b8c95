using System.Net.Sockets;
using System.Security.Cryptography;
using SecureChannel.Interop;

// Exit code 2: the command line or a file is not valid. Exit code 1: a session failed, and its line has the reason.
try
{
    var options = PeerOptions.Parse(args);
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, key) =>
    {
        key.Cancel = true;
        stop.Cancel();
    };
    return options.Role switch
    {
        PeerRole.Serve => await PeerServer.RunAsync(options, stop.Token),
        PeerRole.Connect => await PeerClient.RunAsync(options, stop.Token),
        _ => Help(),
    };
}
catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException or SocketException or CryptographicException)
{
    Console.Error.WriteLine($"peer: {exception.Message}");
    Console.Error.WriteLine("peer: --help lists the options.");
    return 2;
}

static int Help()
{
    Console.WriteLine(PeerOptions.Help);
    return 0;
}
