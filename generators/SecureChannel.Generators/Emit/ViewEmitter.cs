using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>
/// Writes the reading of what is read in place. Nothing is copied, so that what takes time is to find where each field begins: the place is kept in a local.
/// </summary>
internal static class ViewEmitter
{
    /// <summary>Whether a message holds spans of the input.</summary>
    public static bool IsView(MessageModel model) => model.Fields.Any(field => field.Type.Kind == WireKind.ByteSpan);

    /// <summary>Whether all fields of a view are of those that the run time reads at a place.</summary>
    public static bool HasPlaces(MessageModel model) => IsView(model) && model.Fields.All(field => field.Since == 0 && HasPlace(field.Type));

    /// <summary>Whether a view is filled field by field where it lies: what is put together from locals is cleared first, and copied.</summary>
    public static bool IsFilledInPlace(MessageModel model) => model.IsPlain && HasPlaces(model);

    /// <summary>Writes the statements that read the fields.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="model">The view.</param>
    /// <param name="locals">The locals that receive its fields, unless it is filled in place.</param>
    /// <param name="names">Names for more locals.</param>
    public static void EmitRead(SourceWriter writer, MessageModel model, string[] locals, LocalNames names)
    {
        var place = names.For("Place");
        var isInPlace = IsFilledInPlace(model);
        var targets = model.Fields.Select((field, i) => isInPlace ? $"message.{field.Name}" : FixedRunEmitter.Declare(field, locals[i])).ToArray();
        writer.Line($"var {place} = reader.Cursor;");
        for (int i = 0, count; i < targets.Length; i += count)
        {
            var field = model.Fields[i];
            count = FixedRunEmitter.Count(model.Fields, i);
            if (FixedRunEmitter.IsFixed(field.Type))
            {
                FixedRunEmitter.EmitRead(writer, model.Fields.AsSpan(i, count), targets.AsSpan(i, count), place);
                continue;
            }

            writer.Line($"if (!reader.{MethodOf(field.Type)}(ref {place}, {FieldEmitter.BoundBefore(field.Type)}out {targets[i]}))");
            writer.Deeper($"return reader.Fail(\"{field.Name.TrimStart('@')}\");");
        }

        writer.Line($"reader.Seek({place});");
    }

    private static bool HasPlace(WireType type) => FixedRunEmitter.IsFixed(type) || type.Kind switch
    {
        WireKind.ByteSpan => type is { Bound: not null, IsRemainder: false },
        WireKind.Message => !type.IsVector,
        WireKind.Optional => FixedRunEmitter.IsFixed(type.Element!),
        _ => false,
    };

    private static string MethodOf(WireType type) => type.Kind switch
    {
        WireKind.Message => $"TryReadMessageAt<{type.Name}>",
        WireKind.Optional => $"TryReadOptionalAt<{type.Element!.Name}>",
        _ => "TryReadBytesAt",
    };
}
