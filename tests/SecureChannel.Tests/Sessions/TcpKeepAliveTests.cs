using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The detection of dead connections by the operating system.</summary>
public sealed class TcpKeepAliveTests
{
    [Fact]
    public async Task Sockets_that_a_session_owns_detect_a_dead_connection_within_30_seconds()
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await using var client = SecureSession.Create(near, SessionPair.ClientOptions(SessionSecurity.Tls13.Name));
        await using var server = SecureSession.Create(far, SessionPair.ServerOptions(SessionSecurity.Tls13.Name));
        Assert.All([near, far], socket =>
        {
            Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
            var idle = Get(socket, SocketOptionName.TcpKeepAliveTime);
            var probes = Get(socket, SocketOptionName.TcpKeepAliveInterval) * Get(socket, SocketOptionName.TcpKeepAliveRetryCount);
            Assert.Equal((15, 30), (idle, idle + probes));
        });

        static int Get(Socket socket, SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;
    }

    [Fact]
    public async Task On_Linux_unacknowledged_data_has_a_limit_of_30_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TCP_USER_TIMEOUT is an option of Linux.");
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (far)
        {
            await using var client = SecureSession.Create(near, SessionPair.ClientOptions(SessionSecurity.Tls13.Name));
            var value = new byte[4];
            Assert.Equal(4, near.GetRawSocketOption(6, 18, value));
            Assert.Equal(30_000, BitConverter.ToInt32(value));
        }
    }

    [Fact]
    public void An_option_that_the_system_does_not_support_is_ignored()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        TcpKeepAlive.Enable(socket);
    }
}
