using System.Net.Sockets;
using System.Security.Cryptography;
using Samples.Banking;

try
{
    var options = Options.Parse(args);
    switch (options.Role)
    {
        case "server":
            await Server.RunAsync(options);
            return 0;
        case "client":
            await Client.RunAsync(options);
            return 0;
        case "help":
            Console.WriteLine(Options.Help);
            return 0;
        default:
            return await Tour.RunAsync(options);
    }
}
catch (ArgumentException misunderstood)
{
    Console.Error.WriteLine(misunderstood.Message);
    Console.Error.WriteLine(Options.Help);
    return 2;
}
catch (Exception failure) when (failure is SocketException or IOException or CryptographicException or InvalidOperationException)
{
    Console.Error.WriteLine($"failed: {failure.Message}");
    return 1;
}
