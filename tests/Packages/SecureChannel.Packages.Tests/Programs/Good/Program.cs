using System.Net;
using Samples.Banking;
using SecureChannel;

using var authority = DevelopmentAuthority.Create("authority");
using var identity = authority.IssueServer("bank.example");
await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions { Identity = identity, ApplicationProtocols = [BankServer.Name] });
var serving = ServeAsync(listener);

var options = new ClientOptions { Trust = TrustPolicy.FromAuthorities(authority.Certificate), ServerName = "bank.example", ApplicationProtocols = [BankClient.Name] };
await using var session = await SecureSession.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint).Port, options);
if (await BankClient.Begin(session).SendAsync(new Login("alice", "token")).ReceiveAsync() is BankClient.Authenticating.LoginAccepted(var accepted, var ready))
{
    (var balance, ready) = await ready.SendAsync(new BalanceQuery(accepted.Account)).ReceiveAsync();
    Console.WriteLine(FormattableString.Invariant($"balance {balance.Cents / 100m:0.00}"));
    await ready.SendAsync(new Goodbye());
}

await session.CloseAsync();
await serving;

static async Task ServeAsync(SecureListener listener)
{
    await using var session = await listener.AcceptAsync();
    await new Service().RunAsync(session);
}

internal sealed class Service : BankServer.Handler
{
    protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) => new(new LoginAccepted(7));

    protected override ValueTask<BankServer.Answering.Answer> OnBalanceQueryAsync(BalanceQuery query, BankServer.Answering state) => new(new Balance(100_00, DateTimeOffset.UnixEpoch));

    protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, BankServer.Closed state) => ValueTask.CompletedTask;
}
