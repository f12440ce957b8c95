namespace SecureChannel.Fuzz;

/// <summary>A file with one input in each line, in hexadecimal digits.</summary>
internal static class CorpusFile
{
    public static IReadOnlyList<byte[]> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(Convert.FromHexString)];

    public static void Write(string path, IEnumerable<byte[]> inputs) => File.WriteAllLines(path, inputs.Select(Convert.ToHexString));
}
