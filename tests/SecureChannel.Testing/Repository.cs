namespace SecureChannel.Testing;

/// <summary>The files of this repository, for tests of the project itself.</summary>
public static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "packages"];

    /// <summary>Gets the folder that contains SecureChannel.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Combines a path with <see cref="Root"/>.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Gets all files in a folder and its subfolders that are not generated, as paths relative to <see cref="Root"/> with forward slashes.</summary>
    /// <param name="folder">The folder relative to <see cref="Root"/>, or an empty string for the whole repository.</param>
    /// <param name="extension">The end of the file name, such as <c>.cs</c>, or an empty string for all files.</param>
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

        return folder?.FullName ?? throw new InvalidOperationException($"SecureChannel.sln was not found above '{AppContext.BaseDirectory}'.");
    }
}
