using Samples.Files;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>Temporary folders for the client and the server, which are deleted after the test.</summary>
internal sealed class TestFolders : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("file-transfer-tests-");

    public TestFolders() => (Client, Server) = (_root.CreateSubdirectory("client").FullName, _root.CreateSubdirectory("server").FullName);

    /// <summary>Gets the client's folder.</summary>
    public string Client { get; }

    /// <summary>Gets the server's folder.</summary>
    public string Server { get; }

    /// <summary>Creates a file whose content has a period that is not a multiple of the chunk size.</summary>
    public static string CreateFile(string folder, int size, string name = "file.bin")
    {
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        var bytes = new byte[997 * 64];
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = (byte)(index * 31 % 251);
        for (var remaining = size; remaining > 0; remaining -= bytes.Length)
            file.Write(bytes, 0, Math.Min(remaining, bytes.Length));
        return path;
    }

    /// <summary>Runs the server role for the server's folder.</summary>
    public Task ServeAsync(MessageChannel channel, long maxSize = long.MaxValue) => FileService.ServeAsync(channel, Server, maxSize);

    public void Dispose() => _root.Delete(recursive: true);
}
