namespace SecureChannel.Tests;

/// <summary>A folder that is deleted with its content when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Name { get; } = Directory.CreateTempSubdirectory().FullName;

    public string PathOf(string name) => Path.Combine(Name, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
