namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>The bank of the README, as source text.</summary>
internal static class BankSource
{
    public const string Usings = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using SecureChannel;
        using SecureChannel.Protocols;

        """;

    public const string Messages = Usings + """
        namespace Example;

        /// <summary>Identifies a customer.</summary>
        /// <param name="User">The name of the customer.</param>
        /// <param name="Token">The secret of the customer.</param>
        [Message(1)] public readonly partial record struct Login([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token);
        /// <summary>Reports the account of an accepted login.</summary>
        /// <param name="Account">The account.</param>
        [Message(2)] public readonly partial record struct LoginAccepted(ulong Account);
        /// <summary>Reports a rejected login.</summary>
        /// <param name="Reason">The reason.</param>
        [Message(3)] public readonly partial record struct LoginRejected([property: ByteLength(0, 200)] string Reason);
        /// <summary>Requests the balance of an account.</summary>
        /// <param name="Account">The account.</param>
        [Message(4)] public readonly partial record struct BalanceQuery(ulong Account);
        /// <summary>Reports a balance.</summary>
        /// <param name="Cents">The amount in cents.</param>
        /// <param name="At">The time of the balance.</param>
        [Message(5)] public readonly partial record struct Balance(long Cents, DateTimeOffset At);
        /// <summary>Ends the protocol.</summary>
        [Message(6)] public readonly partial record struct Goodbye;
        """;

    public const string Protocol = """
        using SecureChannel;

        namespace Example;

        /// <summary>A customer logs in, queries balances, and says goodbye.</summary>
        [Protocol("bank/1")]
        public enum Bank
        {
            /// <summary>The customer logs in.</summary>
            [Client<Login>(Authenticating)]
            Start,

            /// <summary>The server checks the login.</summary>
            [Server<LoginAccepted>(Ready)]
            [Server<LoginRejected>(Closed)]
            Authenticating,

            /// <summary>The customer may query balances.</summary>
            [Client<BalanceQuery>(Answering)]
            [Client<Goodbye>(Closed)]
            Ready,

            /// <summary>The server determines the balance.</summary>
            [Server<Balance>(Ready)]
            Answering,

            /// <summary>The protocol ended.</summary>
            [Final]
            Closed,
        }
        """;

    public const string Client = Usings + """
        namespace Example;

        /// <summary>A customer.</summary>
        public static class Customer
        {
            /// <summary>Queries the balances of a year.</summary>
            public static async Task<string> RunAsync(MessageChannel session)
            {
                var balance = default(Balance);
                switch (await BankClient.Begin(session).SendAsync(new Login("ann", "secret")).ReceiveAsync())
                {
                    case BankClient.Authenticating.LoginAccepted(var accepted, var ready):
                        for (var month = 0; month < 12; month++)
                            (balance, ready) = await ready.SendAsync(new BalanceQuery(accepted.Account)).ReceiveAsync();
                        await ready.SendAsync(new Goodbye());
                        return balance.Cents.ToString();
                    case BankClient.Authenticating.LoginRejected(var rejected, _):
                        return rejected.Reason;
                    default:
                        return "";
                }
            }
        }
        """;

    public const string Server = Usings + """
        namespace Example;

        /// <summary>The bank.</summary>
        public sealed class BankService : BankServer.Handler
        {
            /// <inheritdoc/>
            protected override async ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state)
            {
                await Task.Yield();
                return login.User == "ann" ? new LoginAccepted(7) : new LoginRejected("unknown user");
            }

            /// <inheritdoc/>
            protected override ValueTask<BankServer.Answering.Answer> OnBalanceQueryAsync(BalanceQuery balanceQuery, BankServer.Answering state) =>
                new(new Balance((long)balanceQuery.Account * 100, DateTimeOffset.UnixEpoch));

            /// <inheritdoc/>
            protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, BankServer.Closed state) => default;
        }
        """;

    /// <summary>Gets the transitions of the protocol, as source lines.</summary>
    public static IEnumerable<string> Transitions => Protocol.Split('\n').Where(line => line.Contains("[Client<") || line.Contains("[Server<")).Select(line => line.Trim());
}
