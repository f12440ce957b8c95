using SecureChannel.Model;
using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the code for a run: consecutive fields of fixed size, which are read and written together.</summary>
internal static class FixedRunEmitter
{
    // The maximum number of fields of FixedFields.TryReadFixed.
    private const int Most = 6;

    /// <summary>Returns the number of fields in the run that begins at an index; 1 if the first field cannot be part of a run.</summary>
    /// <param name="fields">The fields of the message.</param>
    /// <param name="first">The index of the first field. A run ends before the fields of a later version.</param>
    public static int Count(EquatableArray<FieldModel> fields, int first)
    {
        var count = 0;
        while (count < Most && first + count < fields.Count && fields[first + count].Since == fields[first].Since && IsFixed(fields[first + count].Type))
            count++;
        return Math.Max(count, 1);
    }

    /// <summary>Returns true if a field can be part of a run. A closed enum cannot, because its values are checked.</summary>
    public static bool IsFixed(WireType type) => type.Kind switch
    {
        WireKind.Enum => true,
        WireKind.Value => type.Method is "Byte" or "SByte" or "UInt16" or "Int16" or "UInt32" or "Int32" or "UInt64" or "Int64" or "UInt128" or "Int128"
            or "Boolean" or "Half" or "Single" or "Double" or "Guid" or "DateTimeOffset" or "TimeSpan",
        _ => false,
    };

    /// <summary>Returns an out argument that declares a local. The type of the local selects the overload of <c>TryReadFixed</c>.</summary>
    public static string Declare(FieldModel field, string local) => $"{(IsFixed(field.Type) ? field.Type.Name : "var")} {local}";

    /// <summary>Writes the statements that read a run.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="fields">The fields of the run.</param>
    /// <param name="targets">The out arguments: declarations of locals, or variables.</param>
    /// <param name="position">The local with the position; null for the position of the reader.</param>
    public static void EmitRead(SourceWriter writer, ReadOnlySpan<FieldModel> fields, ReadOnlySpan<string> targets, string? position = null)
    {
        var outs = new string[fields.Length];
        var names = new string[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            outs[i] = "out " + targets[i];
            names[i] = fields[i].Name.TrimStart('@');
        }

        writer.Line(
            $"if (!reader.TryReadFixed{(position is null ? "(" : $"At(ref {position}, ")}{string.Join(", ", outs)})) "
            + $"return reader.{(fields.Length == 1 ? "FailAt" : "FailOneOf")}(\"{string.Join(", ", names)}\");");
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
