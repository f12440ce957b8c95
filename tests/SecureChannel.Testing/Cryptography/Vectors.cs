using System.Text.Json;

namespace SecureChannel.Testing.Cryptography;

/// <summary>Reads tests/Vectors.</summary>
public static class Vectors
{
    public static JsonElement.ArrayEnumerator Read(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", name));
        return JsonDocument.Parse(stream).RootElement.EnumerateArray();
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
