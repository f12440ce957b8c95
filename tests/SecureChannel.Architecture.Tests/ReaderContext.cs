namespace SecureChannel.Architecture.Tests;

/// <summary>The code that each page leaves to its reader's own program.</summary>
internal static class ReaderContext
{
    private const string BankAccounts = """
        global using static Reader;

        internal static class Reader
        {
            public static readonly string user = "", token = "";
            public static readonly Accounts accounts = new();
        }

        internal sealed class Accounts
        {
            public Task<Account?> FindAsync(Login login) => Task.FromResult<Account?>(null);

            public Task<long> GetCentsAsync(ulong account) => Task.FromResult(0L);
        }

        internal sealed record Account(ulong Id);
        """;

    private const string HardwareModule = """
        internal static class HardwareModule
        {
            public static Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();
        }
        """;

    private const string RandomDevice = """
        internal static class RandomDevice
        {
            public static void Fill(Span<byte> destination) => throw new NotSupportedException();
        }
        """;

    private const string TicketSecrets = """
        global using static Reader;
        using SecureChannel;

        internal static class Reader
        {
            public static readonly byte[] currentKey = new byte[32], previousKey = new byte[32], nextKey = new byte[32];
            public static CertificateIdentity identity => throw new NotSupportedException();
        }
        """;

    /// <summary>The one type that the page on tests uses from the package Microsoft.Extensions.TimeProvider.Testing.</summary>
    private const string FakeTime = """
        namespace Microsoft.Extensions.Time.Testing;

        public sealed class FakeTimeProvider : TimeProvider
        {
            public void Advance(TimeSpan delta) => throw new NotSupportedException();
        }
        """;

    private static readonly Dictionary<string, string> Contexts = new()
    {
        ["README.md"] = BankAccounts,
        ["certificates.md"] = HardwareModule,
        ["custom-cryptography.md"] = RandomDevice,
        ["resumption.md"] = TicketSecrets,
        ["testing.md"] = FakeTime,
    };

    /// <summary>Returns the hidden context of a page; empty if the page is complete.</summary>
    /// <param name="page">The page's file name.</param>
    public static string Of(string page) => Contexts.GetValueOrDefault(page, "");
}
