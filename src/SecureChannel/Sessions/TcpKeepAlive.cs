using System.Net.Sockets;

namespace SecureChannel;

/// <summary>The detection of dead TCP connections by the operating system, within about 30 seconds.</summary>
internal static class TcpKeepAlive
{
    // 15 s without traffic, then three probes at intervals of 5 s.
    private const int IdleSeconds = 15;
    private const int ProbeSeconds = 5;
    private const int Probes = 3;

    // Probes do not detect a connection with unacknowledged data, which is retransmitted for about 15 minutes. On Linux, this option limits that time.
    private const int UserTimeoutMilliseconds = 30_000;
    private const int LinuxTcpLevel = 6;
    private const int LinuxTcpUserTimeout = 18;

    /// <summary>Enables the detection. Ignores options that the system does not support.</summary>
    public static void Enable(Socket socket)
    {
        TrySet(socket, SocketOptionLevel.Socket, SocketOptionName.KeepAlive, 1);
        TrySet(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        TrySet(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        TrySet(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (OperatingSystem.IsLinux())
            TrySetUserTimeout(socket);
    }

    private static void TrySet(Socket socket, SocketOptionLevel level, SocketOptionName name, int value)
    {
        try
        {
            socket.SetSocketOption(level, name, value);
        }
        catch (SocketException)
        {
            // The system does not support the option, or the connection has failed already.
        }
    }

    private static void TrySetUserTimeout(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(LinuxTcpLevel, LinuxTcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
        }
        catch (SocketException)
        {
            // As above.
        }
    }
}
