using System.Net.Sockets;
using Samples.Banking;
using SecureChannel;

using var authority = DevelopmentAuthority.Create("authority");
using var client = new TcpClient("127.0.0.1", 7443);
var options = new ClientOptions { Trust = TrustPolicy.FromAuthorities(authority.Certificate), ServerName = "bank.example" };
await using var session = SecureSession.Create(client.GetStream(), options);
await session.SendAsync(new Login("alice", "token")); // too early
await session.HandshakeAsync();
await session.SendAsync(new Goodbye());
