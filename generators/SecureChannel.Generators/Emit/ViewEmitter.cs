using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>
/// The emitter of the code that reads a view: a message whose fields refer to the input. The code copies no bytes, so its cost is to locate each field. A local
/// variable contains the position in the input.
/// </summary>
internal static class ViewEmitter
{
    /// <summary>Returns true if a message contains spans of the input.</summary>
    public static bool IsView(MessageModel model) => model.Fields.Any(field => field.Type.Kind == WireKind.ByteSpan);

    /// <summary>Returns true if a message is a view whose fields can all be read at the position in a local variable.</summary>
    public static bool UsesPositions(MessageModel model) => IsView(model) && model.Fields.All(field => field.Since == 0 && CanReadAtPosition(field.Type));

    /// <summary>Returns true if fields of a view are assigned directly. A view that is constructed from locals costs a clear and a copy.</summary>
    public static bool IsFilledInPlace(MessageModel model) => model.IsPlain && UsesPositions(model);

    /// <summary>Writes the statements that read the fields.</summary>
    /// <param name="writer">The writer of the file.</param>
    /// <param name="model">The view.</param>
    /// <param name="locals">The locals that receive the fields, unless they are assigned directly.</param>
    /// <param name="names">The names of locals.</param>
    public static void EmitRead(SourceWriter writer, MessageModel model, string[] locals, LocalNames names)
    {
        var position = names.For("position");
        var isInPlace = IsFilledInPlace(model);
        var targets = model.Fields.Select((field, i) => isInPlace ? $"message.{field.Name}" : FixedRunEmitter.Declare(field, locals[i])).ToArray();
        writer.Line($"var {position} = reader.Position;");
        for (int i = 0, count; i < targets.Length; i += count)
        {
            var field = model.Fields[i];
            count = FixedRunEmitter.Count(model.Fields, i);
            if (FixedRunEmitter.IsFixed(field.Type))
            {
                FixedRunEmitter.EmitRead(writer, model.Fields.AsSpan(i, count), targets.AsSpan(i, count), position);
                continue;
            }

            var arguments = $"ref {position}, {FieldEmitter.BoundBefore(field.Type)}out {targets[i]}";
            writer.Line($"if (!reader.{MethodOf(field.Type)}({arguments})) return reader.FailAt(\"{field.Name.TrimStart('@')}\");");
        }

        writer.Line($"reader.Seek({position});");
    }

    private static bool CanReadAtPosition(WireType type) => FixedRunEmitter.IsFixed(type) || type.Kind switch
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
