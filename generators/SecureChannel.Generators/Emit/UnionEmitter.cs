using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the codec of a union.</summary>
internal static class UnionEmitter
{
    /// <summary>Returns the source of a union's codec.</summary>
    public static string Emit(MessageModel model)
    {
        var writer = MessageEmitter.Begin(model);
        EmitTryRead(writer, model, model.Union!);
        MessageEmitter.EmitGetSize(writer, model);
        EmitWrite(writer, model, model.Union!);
        EmitTagOf(writer, model, model.Union!);
        return MessageEmitter.End(writer, model);
    }

    private static void EmitTryRead(SourceWriter writer, MessageModel model, UnionModel union)
    {
        var names = new LocalNames("reader", "message", "tag", "content", "rejection");
        MessageEmitter.OpenTryRead(writer, model);
        writer.Line($"if (!reader.TryReadFixed(out {union.Tag.Name} tag)) return false;");
        writer.Open("switch (tag)");
        foreach (var declared in union.Cases)
        {
            var local = names.For(declared.Name);
            writer.Line($"case {declared.Tag}:");
            writer.Deeper($"if (!reader.TryReadMessage{(union.IsVector ? "Vector" : "")}<{declared.TypeName}>({BoundOf(union)}out var {local})) return false;");
            writer.Deeper($"message = {local};\nreturn true;");
        }

        writer.Line("default:");
        writer.Indent();
        if (union.Unknown is { } unknown)
        {
            writer.Line($"if (!reader.TryReadBytes({BoundOf(union)}out var content)) return false;");
            MessageEmitter.EmitConstruction(writer, $"new {unknown.TypeName}(tag, content.ToArray())", unknown.MayThrow);
        }
        else
        {
            writer.Line("return reader.FailTag(tag);");
        }

        writer.Outdent();
        writer.Close();
        writer.Close();
        writer.Line();
    }

    private static void EmitWrite(SourceWriter writer, MessageModel model, UnionModel union)
    {
        var names = new LocalNames("writer", "message", "unknown");
        MessageEmitter.OpenWrite(writer, model, "message");
        writer.Open("switch (message)");
        foreach (var declared in union.Cases)
        {
            var local = names.For(declared.Name);
            writer.Line($"case {declared.TypeName} {local}:");
            writer.Deeper($"writer.WriteFixed<{union.Tag.Name}>({declared.Tag});\nwriter.WriteMessage{(union.IsVector ? "Vector" : "")}({BoundOf(union)}{local});\nbreak;");
        }

        if (union.Unknown is { } kept)
        {
            writer.Line($"case {kept.TypeName} unknown:");
            writer.Indent();
            if (union.Cases.Count > 0)
            {
                writer.Line($"if (unknown.{kept.Tag} is {string.Join(" or ", union.Cases.Select(declared => declared.Tag))})");
                writer.Deeper($"global::SecureChannel.CompilerServices.Unions.ThrowDeclaredTag(unknown.{kept.Tag});");
            }

            writer.Line($"writer.WriteFixed(unknown.{kept.Tag});");
            writer.Line($"writer.WriteBytes({BoundOf(union)}unknown.{kept.Content}.Span);");
            writer.Line("break;");
            writer.Outdent();
        }

        writer.Line("default:");
        writer.Deeper($"global::SecureChannel.CompilerServices.Unions.ThrowNoCase(message);\nbreak;");
        writer.Close();
        writer.Close();
    }

    private static void EmitTagOf(SourceWriter writer, MessageModel model, UnionModel union)
    {
        writer.Line();
        writer.Open($"static {union.Tag.Name} global::SecureChannel.CompilerServices.IUnion<{model.Name}, {union.Tag.Name}>.TagOf({model.Name} message)");
        writer.Open("switch (message)");
        foreach (var declared in union.Cases)
        {
            writer.Line($"case {declared.TypeName}:");
            writer.Deeper($"return {declared.Tag};");
        }

        if (union.Unknown is { } kept)
        {
            writer.Line($"case {kept.TypeName} unknown:");
            writer.Deeper($"return unknown.{kept.Tag};");
        }

        writer.Line("default:");
        writer.Deeper($"global::SecureChannel.CompilerServices.Unions.ThrowNoCase(message);\nreturn default;");
        writer.Close();
        writer.Close();
    }

    private static string BoundOf(UnionModel union) => union.Bound is { } bound ? $"{bound.Min}, {bound.Max}, " : "";
}
