namespace SecureChannel.Testing;

/// <summary>The files of this repository, for tests about the project itself.</summary>
public static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "packages"];

    /// <summary>The folder that holds SecureChannel.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Every file below a folder that a person wrote, as a path relative to <see cref="Root"/>, with forward slashes.</summary>
    /// <param name="folder">The folder, relative to <see cref="Root"/>; the whole repository if empty.</param>
    /// <param name="extension">What the name ends with, such as <c>.cs</c>; every file if empty.</param>
    public static IEnumerable<string> Files(string folder = "", string extension = "") =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder)))
            .Where(file => file.Name.EndsWith(extension, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.EnumerateFiles().Where(file => !Generated.Contains(file.Name))
        .Concat(folder.EnumerateDirectories().Where(child => !Generated.Contains(child.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecureChannel.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No SecureChannel.sln above {AppContext.BaseDirectory}.");
    }
}
