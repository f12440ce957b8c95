using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the reading and writing of one field.</summary>
internal static class FieldEmitter
{
    /// <summary>Writes the statements that read a field.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="type">What the field is on the wire.</param>
    /// <param name="local">The local that receives it.</param>
    /// <param name="place">The arguments that tell the reader which field failed.</param>
    /// <param name="names">Names for more locals.</param>
    /// <returns>The field's value as an expression.</returns>
    public static string EmitRead(SourceWriter writer, WireType type, string local, string place, LocalNames names) =>
        EmitRead(writer, type, local, $"reader.Fail({place})", "Message", names);

    /// <summary>Writes the statements that write a field.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="type">What the field is on the wire.</param>
    /// <param name="value">The field's value as an expression.</param>
    /// <param name="local">A local named after the field.</param>
    /// <param name="names">Names for more locals.</param>
    public static void EmitWrite(SourceWriter writer, WireType type, string value, string local, LocalNames names)
    {
        switch (type.Kind)
        {
            case WireKind.Optional:
                EmitWriteOptional(writer, type, value, local, names);
                break;
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray when IsNumbers(type):
                writer.Line($"writer.WriteNumbers<{type.Element!.Name}>({Before(BoundOf(type))}{SpanOf(type, value)});");
                break;
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray:
                var start = names.For(local + "Start");
                var item = names.For(local + "Item");
                writer.Line($"var {start} = writer.BeginVector({BoundOf(type)});");
                writer.Open($"foreach (var {item} in {value}{(type.Kind == WireKind.ImmutableArray ? ".AsSpan()" : "")})");
                if (type.Element!.Kind == WireKind.Message)
                    writer.Line($"writer.WriteElement({item});");
                else
                    EmitWrite(writer, type.Element!, item, item, names);
                writer.Close();
                writer.Line($"writer.EndVector({start}{After(BoundOf(type))});");
                break;
            case WireKind.ByteMemory:
                writer.Line($"writer.Write{MethodOf(type)}({Before(BoundOf(type))}{value}.Span);");
                break;
            default:
                writer.Line($"writer.Write{MethodOf(type)}({Before(BoundOf(type))}{value});");
                break;
        }
    }

    private static string EmitRead(SourceWriter writer, WireType type, string local, string fail, string messageMethod, LocalNames names)
    {
        switch (type.Kind)
        {
            case WireKind.Optional:
                return EmitReadOptional(writer, type, local, fail, names);
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray when IsNumbers(type):
                writer.Line($"if (!reader.TryReadNumbers<{type.Element!.Name}>({Before(BoundOf(type))}out var {local}))");
                writer.Deeper($"return {fail};");
                return type.Kind switch
                {
                    WireKind.List => $"[.. {local}]",
                    WireKind.ImmutableArray => $"global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray({local})",
                    _ => local,
                };
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray:
                return EmitReadList(writer, type, local, fail, names);
            default:
                var method = type.Kind switch
                {
                    WireKind.Message when type.Bound is null => $"{messageMethod}<{type.Name}>",
                    WireKind.Message => $"MessageVector<{type.Name}>",
                    WireKind.Enum or WireKind.ClosedEnum => $"{MethodOf(type)}<{type.Name}>",
                    _ => MethodOf(type),
                };
                writer.Line($"if (!reader.TryRead{method}({Before(BoundOf(type))}out var {local}))");
                writer.Deeper($"return {fail};");
                return type.Kind is WireKind.ByteArray or WireKind.ByteMemory ? $"{local}.ToArray()" : local;
        }
    }

    private static string EmitReadOptional(SourceWriter writer, WireType type, string local, string fail, LocalNames names)
    {
        var isPresent = names.For("has" + char.ToUpperInvariant(local.TrimStart('@')[0]) + local.TrimStart('@').Substring(1));
        writer.Line($"if (!reader.TryReadBoolean(out var {isPresent}))");
        writer.Deeper($"return {fail};");
        writer.Line($"{type.Name} {local} = null;");
        writer.Open($"if ({isPresent})");
        var value = EmitRead(writer, type.Element!, names.For(local + "Value"), fail, "Message", names);
        writer.Line($"{local} = {value};");
        writer.Close();
        return local;
    }

    private static string EmitReadList(SourceWriter writer, WireType type, string local, string fail, LocalNames names)
    {
        var outer = names.For(local + "Outer");
        var element = type.Element!;
        writer.Line($"if (!reader.TryEnterVector({Before(BoundOf(type))}out var {outer}))");
        writer.Deeper($"return {fail};");
        writer.Line($"var {local} = new global::System.Collections.Generic.List<{element.Name}>();");
        writer.Open("while (!reader.IsAtEnd)");
        var item = EmitRead(writer, element, names.For(local + "Item"), FailInElement(fail, local), "Element", names);
        writer.Line($"{local}.Add({item});");
        writer.Close();
        writer.Line($"if (!reader.TryLeaveVector({outer}))");
        writer.Deeper($"return {fail};");
        return type.Kind switch
        {
            WireKind.Array => $"{local}.ToArray()",
            WireKind.ImmutableArray => $"global::System.Collections.Immutable.ImmutableArray.CreateRange({local})",
            _ => local,
        };
    }

    private static void EmitWriteOptional(SourceWriter writer, WireType type, string value, string local, LocalNames names)
    {
        var present = names.For(local + "Value");
        writer.Line($"writer.WriteBoolean({value} is not null);");
        writer.Open($"if ({value} is {{ }} {present})");
        EmitWrite(writer, type.Element!, present, local, names);
        writer.Close();
    }

    // "reader.Fail("Users")" becomes "reader.Fail("Users", users.Count)"; deeper, each list adds its own index.
    private static string FailInElement(string fail, string local) =>
        fail.Contains(".Count)") ? $"reader.Fail({local}.Count) || {fail}" : fail.Substring(0, fail.Length - 1) + $", {local}.Count)";

    // Numbers of which every bit pattern is one: a vector of them is copied as a whole.
    private static bool IsNumbers(WireType type) =>
        type.Element is { Kind: WireKind.Enum }
            or { Kind: WireKind.Value, Method: "Byte" or "SByte" or "UInt16" or "Int16" or "UInt32" or "Int32" or "UInt64" or "Int64" or "UInt128" or "Int128" or "Half" or "Single" or "Double" };

    private static string SpanOf(WireType type, string value) => type.Kind switch
    {
        WireKind.List => $"global::System.Runtime.InteropServices.CollectionsMarshal.AsSpan({value})",
        WireKind.ImmutableArray => $"{value}.AsSpan()",
        _ => value,
    };

    private static string MethodOf(WireType type) => type.Kind switch
    {
        WireKind.Value => type.Method,
        WireKind.Enum => "Enum",
        WireKind.ClosedEnum => "ClosedEnum",
        WireKind.Text => "String",
        WireKind.Message => type.Bound is null ? "Message" : "MessageVector",
        _ => type.IsRemainder ? "Remainder" : "Bytes",
    };

    private static string BoundOf(WireType type) => type.Bound is { } bound ? $"{bound.Min}, {bound.Max}" : "";

    private static string Before(string arguments) => arguments.Length == 0 ? "" : arguments + ", ";

    private static string After(string arguments) => arguments.Length == 0 ? "" : ", " + arguments;
}
