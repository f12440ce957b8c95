using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the codec of a union.</summary>
internal static class UnionEmitter
{
    /// <summary>The generated file.</summary>
    public static string Emit(MessageModel model)
    {
        var writer = MessageEmitter.Begin(model);
        EmitTryRead(writer, model, model.Union!);
        MessageEmitter.EmitGetSize(writer, model);
        EmitWrite(writer, model, model.Union!);
        return MessageEmitter.End(writer, model);
    }

    private static void EmitTryRead(SourceWriter writer, MessageModel model, UnionModel union)
    {
        var names = new LocalNames("reader", "message", "tag", "outer", "content");
        MessageEmitter.OpenTryRead(writer, model);
        var read = union.Tag.Kind == WireKind.Value ? union.Tag.Method : $"Enum<{union.Tag.Name}>";
        writer.Line($"if (!reader.TryRead{read}(out var tag){(union.Unknown is null ? "" : " || !reader.TryEnterVector(out var outer)")})");
        writer.Deeper("return false;");
        writer.Open("switch (tag)");
        foreach (var declared in union.Cases)
        {
            var local = names.For(declared.Name);
            writer.Line($"case {declared.Tag}:");
            writer.Deeper($"if (!reader.TryReadMessage<{declared.TypeName}>(out var {local}))\n    return false;\nmessage = {local};\nbreak;");
        }

        writer.Line("default:");
        writer.Deeper(union.Unknown is { } unknown
            ? $"if (!reader.TryReadRest(out var content))\n    return false;\nmessage = new {unknown.TypeName}(tag, content.ToArray());\nbreak;"
            : $"return reader.Fail({model.RuntimePrefix}WireErrorReason.UnknownValue);");
        writer.Close();
        writer.Line(union.Unknown is null ? "return true;" : "return reader.TryLeaveVector(outer);");
        writer.Close();
        writer.Line();
    }

    private static void EmitWrite(SourceWriter writer, MessageModel model, UnionModel union)
    {
        var names = new LocalNames("writer", "message", "start", "unknown");
        var write = union.Tag.Kind == WireKind.Value ? union.Tag.Method : "Enum";
        MessageEmitter.OpenWrite(writer, model);
        writer.Open("switch (message)");
        foreach (var declared in union.Cases)
        {
            var local = names.For(declared.Name);
            writer.Line($"case {declared.TypeName} {local}:");
            writer.Deeper($"writer.Write{write}({declared.Tag});");
            if (union.Unknown is null)
            {
                writer.Deeper($"writer.WriteMessage({local});");
            }
            else
            {
                var start = names.For(declared.Name + "Start");
                writer.Deeper($"var {start} = writer.BeginVector();\nwriter.WriteMessage({local});\nwriter.EndVector({start});");
            }

            writer.Deeper("break;");
        }

        if (union.Unknown is { } kept)
        {
            writer.Line($"case {kept.TypeName} unknown:");
            writer.Deeper($"writer.Write{write}(unknown.{kept.Tag});\nwriter.WriteBytes(unknown.{kept.Content}.Span);\nbreak;");
        }

        writer.Line("default:");
        writer.Deeper($"throw new global::System.ArgumentException($\"{{message?.GetType().Name ?? \"null\"}} is no case of {model.Name}.\");");
        writer.Close();
        writer.Close();
    }
}
