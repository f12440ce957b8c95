using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the code that reads and writes tuples and dictionaries.</summary>
internal static class CompositeEmitter
{
    private const string Runtime = "global::SecureChannel.CompilerServices";

    /// <summary>Writes the statements that read the elements of a tuple.</summary>
    /// <returns>The tuple as an expression.</returns>
    public static string EmitReadTuple(SourceWriter writer, WireType type, string local, string fail, bool isElement, LocalNames names)
    {
        var values = new List<string>();
        foreach (var item in type.Items)
        {
            var itemFail = $"reader.FailAt(\"{item.Name.TrimStart('@')}\") || {fail}";
            values.Add(FieldEmitter.EmitRead(writer, item.Type, names.For(local + item.Name.TrimStart('@')), itemFail, isElement && FieldEmitter.MayBeEmpty(type), names));
        }

        return $"({string.Join(", ", values)})";
    }

    /// <summary>Writes the statements that write the elements of a tuple.</summary>
    public static void EmitWriteTuple(SourceWriter writer, WireType type, string value, string local, bool isElement, LocalNames names)
    {
        foreach (var item in type.Items)
            FieldEmitter.EmitWrite(writer, item.Type, $"{value}.{item.Name}", local + item.Name.TrimStart('@'), isElement && FieldEmitter.MayBeEmpty(type), names);
    }

    /// <summary>Writes the statements that read a dictionary.</summary>
    /// <returns>The dictionary as an expression.</returns>
    public static string EmitReadDictionary(SourceWriter writer, WireType type, string local, string fail, LocalNames names)
    {
        var outer = names.For(local + "Outer");
        var keys = names.For(local + "Keys");
        var entryFail = FieldEmitter.FailInElement(fail, local);
        writer.Line($"if (!reader.TryEnterVector({FieldEmitter.BoundBefore(type)}out var {outer})) return {fail};");
        writer.Line($"var {keys} = default({Runtime}.MapKeys);");
        writer.Line($"var {local} = {Runtime}.MapKeys.CreateDictionary<{type.Key!.Name}, {type.Element!.Name}>();");
        writer.Open($"while (reader.BeginKey(ref {keys}))");
        var key = FieldEmitter.EmitRead(writer, type.Key!, names.For(local + "Key"), entryFail, false, names);
        writer.Line($"if (!reader.EndKey(ref {keys})) return {entryFail};");
        var value = FieldEmitter.EmitRead(writer, type.Element!, names.For(local + "Item"), entryFail, false, names);
        writer.Line($"{local}.Add({key}, {value});");
        writer.Close();
        writer.Line($"if (!reader.TryLeaveVector({outer})) return {fail};");
        return type.Kind == WireKind.ImmutableDictionary
            ? $"global::System.Collections.Immutable.ImmutableDictionary.CreateRange({local}.Comparer, {local})"
            : local;
    }

    /// <summary>Writes the statements that write a dictionary.</summary>
    public static void EmitWriteDictionary(SourceWriter writer, WireType type, string value, string local, LocalNames names)
    {
        var start = names.For(local + "Start");
        var entries = names.For(local + "Entries");
        var entry = names.For(local + "Entry");
        writer.Line($"var {start} = writer.BeginVector({FieldEmitter.BoundOf(type)});");
        writer.Line($"var {entries} = default({Runtime}.MapEntries);");
        writer.Open($"foreach (var {entry} in {value}.Required())");
        writer.Line($"writer.BeginEntry(ref {entries});");
        FieldEmitter.EmitWrite(writer, type.Key!, entry + ".Key", entry, false, names);
        writer.Line($"writer.EndKey(ref {entries});");
        FieldEmitter.EmitWrite(writer, type.Element!, entry + ".Value", entry, false, names);
        writer.Close();
        writer.Line($"writer.EndEntries(ref {entries});");
        writer.Line($"writer.EndVector({start}{FieldEmitter.BoundAfter(type)});");
    }
}
