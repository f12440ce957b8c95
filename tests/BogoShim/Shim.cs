using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SecureChannel.Bogo;

/// <summary>A program that BoringSSL's test runner starts for each test. It maps the flags of the runner to options of the public API.</summary>
public static class Shim
{
    /// <summary>The exit code of a test that passed at this endpoint.</summary>
    public const int Passed = 0;

    /// <summary>The exit code of a test that failed at this endpoint.</summary>
    public const int Failed = 1;

    /// <summary>The exit code that reports a flag without an equivalent option. The runner skips the test.</summary>
    public const int Unimplemented = 89;

    private static readonly TimeSpan MaxDrainTime = TimeSpan.FromSeconds(5);

    /// <summary>Runs one test: one connection, and another one for each resumption.</summary>
    /// <param name="arguments">The flags of the runner.</param>
    /// <param name="output">Receives the answer to a question of the runner.</param>
    /// <param name="errors">Receives the error of a failed test.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            if (arguments.Contains("-is-handshaker-supported"))
            {
                await output.WriteLineAsync("No");
                return Passed;
            }

            var resumptions = ShimFlags.Parse(arguments, 0).Number("-resume-count") ?? 0;
            var sessions = Enumerable.Range(0, resumptions + 1).Select(index => new SessionSetup(ShimFlags.Parse(arguments, index))).ToList();
            foreach (var session in sessions)
                await ConnectAsync(session);
            return Passed;
        }
        catch (UnimplementedException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return Unimplemented;
        }
        catch (SessionException exception)
        {
            await errors.WriteLineAsync($":{exception.Error.Code}: {exception.Error.Alert}: {exception.Message}");
            return Failed;
        }
        catch (Exception exception) when (exception is ExpectationException or IOException or CryptographicException or ArgumentException or SocketException)
        {
            await errors.WriteLineAsync($"{exception.GetType().Name}: {exception.Message}");
            return Failed;
        }
    }

    private static async Task ConnectAsync(SessionSetup setup)
    {
        var address = setup.Flags.Has("-ipv6") ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, setup.Flags.Number("-port") ?? 0);
        var id = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(id, ulong.Parse(setup.Flags.Value("-shim-id") ?? "0", CultureInfo.InvariantCulture));
        await socket.SendAsync(id);
        try
        {
            await using var session = setup.Create(new NetworkStream(socket, ownsSocket: false));
            await session.HandshakeAsync();
            setup.Check(session);
            await Exchange.RunAsync(session, setup.Flags);
        }
        finally
        {
            await DrainAsync(socket);
        }
    }

    // A process that ends with unread data resets the connection, and the runner would not receive the last alert.
    private static async Task DrainAsync(Socket socket)
    {
        using var time = new CancellationTokenSource(MaxDrainTime);
        var scratch = new byte[4096];
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(scratch, time.Token) > 0)
            {
                // The session has ended.
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The runner closed the connection, or waits for the end of this process.
        }
    }
}
