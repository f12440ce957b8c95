using System.Net.Sockets;
using System.Security.Cryptography;
using SecureChannel.Interop;

// What a person did wrong is told in one line and ends with 2; what a session suffered is in its own line, and ends with 1.
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
    Console.Error.WriteLine("peer: --help tells what can be asked for");
    return 2;
}

static int Help()
{
    Console.WriteLine(PeerOptions.Help);
    return 0;
}
