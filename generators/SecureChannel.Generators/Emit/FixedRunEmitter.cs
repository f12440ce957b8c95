using SecureChannel.Model;
using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the reading and writing of fields of fixed size that follow each other: the run time takes such a run at once.</summary>
internal static class FixedRunEmitter
{
    // As many as WireReader.TryReadFixed takes.
    private const int Most = 6;

    /// <summary>How many fields from <paramref name="first"/> on are taken at once; 1 if that one is taken by itself.</summary>
    /// <param name="fields">The fields of the message.</param>
    /// <param name="first">The index of the first; a run ends where the fields of a later version begin.</param>
    public static int Count(EquatableArray<FieldModel> fields, int first)
    {
        var count = 0;
        while (count < Most && first + count < fields.Count && fields[first + count].Since == fields[first].Since && IsFixed(fields[first + count].Type))
            count++;
        return Math.Max(count, 1);
    }

    /// <summary>Whether a field is one that is taken with others: a closed enum is not, since its values are looked up.</summary>
    public static bool IsFixed(WireType type) => type.Kind switch
    {
        WireKind.Enum => true,
        WireKind.Value => type.Method is "Byte" or "SByte" or "UInt16" or "Int16" or "UInt32" or "Int32" or "UInt64" or "Int64" or "UInt128" or "Int128"
            or "Boolean" or "Half" or "Single" or "Double" or "Guid" or "DateTimeOffset" or "TimeSpan",
        _ => false,
    };

    /// <summary>A local's declaration as an argument that receives a field: its type says which overload takes a run.</summary>
    public static string Declare(FieldModel field, string local) => $"{(IsFixed(field.Type) ? field.Type.Name : "var")} {local}";

    /// <summary>Writes the statements that read a run.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="fields">The fields of the run.</param>
    /// <param name="targets">What receives them: declarations of locals, or variables.</param>
    /// <param name="place">The local that says where to read; null if the reader knows.</param>
    public static void EmitRead(SourceWriter writer, ReadOnlySpan<FieldModel> fields, ReadOnlySpan<string> targets, string? place = null)
    {
        var outs = new string[fields.Length];
        var names = new string[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            outs[i] = "out " + targets[i];
            names[i] = fields[i].Name.TrimStart('@');
        }

        writer.Line($"if (!reader.TryReadFixed{(place is null ? "(" : $"At(ref {place}, ")}{string.Join(", ", outs)}))");
        writer.Deeper($"return reader.{(fields.Length == 1 ? "Fail" : "FailOneOf")}(\"{string.Join(", ", names)}\");");
    }

    /// <summary>Writes the statement that writes a run.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <param name="fields">The fields of the run.</param>
    public static void EmitWrite(SourceWriter writer, string message, ReadOnlySpan<FieldModel> fields)
    {
        var values = new string[fields.Length];
        for (var i = 0; i < fields.Length; i++)
            values[i] = $"{message}.{fields[i].Name}";
        writer.Line($"writer.WriteFixed({string.Join(", ", values)});");
    }
}
