using System.Diagnostics;

namespace SecureChannel.Pki;

/// <summary>An environment in which the platform finds no certificates of the machine and the user.</summary>
internal static class CleanEnvironment
{
    private const string Marker = "SECURECHANNEL_PKI_CLEAN";

    /// <summary>Gets a value that indicates whether this process runs in the environment.</summary>
    public static bool IsActive => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Runs this program in the environment. .NET reads the stores once for each process, so that a new process is necessary.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("SecureChannel.Pki.");
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(CleanEnvironment).Assembly.Location, .. arguments]);
            start.Environment[Marker] = "1";
            foreach (var variable in new[] { "HOME", "SSL_CERT_DIR" })
                start.Environment[variable] = folder.FullName;
            start.Environment["SSL_CERT_FILE"] = Path.Combine(folder.FullName, "none.pem");
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
