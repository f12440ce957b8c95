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

    private static readonly Dictionary<string, string> Contexts = new()
    {
        ["README.md"] = BankAccounts,
    };

    /// <summary>Returns the hidden context of a page; empty if the page is complete.</summary>
    /// <param name="page">The page's file name.</param>
    public static string Of(string page) => Contexts.GetValueOrDefault(page, "");
}
