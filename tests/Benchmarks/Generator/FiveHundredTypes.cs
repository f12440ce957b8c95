using System.Globalization;
using System.Text;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>The source files that generators are measured with: 500 messages of five fields each, ten in a file, and an unrelated file.</summary>
internal static class FiveHundredTypes
{
    public const string UnrelatedFile = "Unrelated.cs";

    // Each type has the attributes of both generators, so that the source is the same for both.
    private static readonly string[] Shapes =
    [
        "record Transfer#(ulong From, ulong To, long Cents, Currency Currency, [property: ByteLength(0, 140)] string Purpose)",
        "record Login#([property: ByteLength(1, 64)] string User, [property: ByteLength(1, 255)] string Token, int Attempt, bool Keep, Guid Device)",
        "record Entry#(Transfer@ Transfer, DateTimeOffset At, int Line, string? Note, uint Check)",
        "record Page#(List<Transfer@> Transfers, int Number, int Count, bool IsLast, ulong Cursor)",
        "record Sample#([property: ByteLength(0, 4096)] int[] Values, double Scale, float Offset, ushort Channel, long Tick)",
        "record Blob#([property: ByteLength(32)] byte[] Digest, byte[] Content, string Name, long Size, int? Parts)",
        "record Position#(double Latitude, double Longitude, float Height, uint Source, DateTimeOffset At)",
        "record Account#(Guid Id, string Owner, long Cents, Currency Currency, DateTimeOffset Opened)",
        "record Notice#(byte Level, ushort Code, string Text, List<string> Arguments, int? Line)",
        "record Query#(ulong Account, DateTimeOffset From, DateTimeOffset To, int Limit, string? Filter)",
    ];

    /// <summary>Gets the paths and texts of the files.</summary>
    public static IEnumerable<(string Path, string Text)> Files()
    {
        for (var file = 0; file < 50; file++)
        {
            var text = new StringBuilder("#nullable enable\nusing System;\nusing System.Collections.Generic;\nusing MemoryPack;\nusing SecureChannel;\nnamespace Bank;\n\n");
            for (var shape = 0; shape < Shapes.Length; shape++)
            {
                var number = (file * Shapes.Length) + shape;
                text.Append(CultureInfo.InvariantCulture, $"[Message({number + 1}), MemoryPackable]\npublic sealed partial ")
                    .Append(Shapes[shape].Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                        .Replace("@", (file * Shapes.Length).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                    .Append(";\n\n");
            }

            yield return ($"Messages{file}.cs", text.ToString());
        }

        yield return ("Currency.cs", "namespace Bank;\n\npublic enum Currency : byte { Euro, Dollar, Yen }\n");
        yield return (UnrelatedFile, Unrelated(0));
    }

    /// <summary>Gets the text of the unrelated file after a number of edits.</summary>
    public static string Unrelated(int edit) => $"namespace Bank;\n\npublic static class Unrelated\n{{\n    public static int Edit => {edit};\n}}\n";
}
