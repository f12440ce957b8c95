using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the code that reads and writes one field.</summary>
internal static class FieldEmitter
{
    /// <summary>Writes the statements that read a value.</summary>
    /// <param name="writer">The writer of the file.</param>
    /// <param name="type">The wire type of the value.</param>
    /// <param name="local">The local that receives the value.</param>
    /// <param name="fail">The expression that adds the name of the field to the error. Its value is false.</param>
    /// <param name="isElement">True if the value is an element of a vector, and so must have at least one byte.</param>
    /// <param name="names">The names of locals.</param>
    /// <returns>The value as an expression.</returns>
    public static string EmitRead(SourceWriter writer, WireType type, string local, string fail, bool isElement, LocalNames names)
    {
        switch (type.Kind)
        {
            case WireKind.Optional when IsWhole(type.Element!):
                writer.Line($"if (!reader.TryReadOptional({BoundBefore(type.Element!)}out {type.Name} {local})) return {fail};");
                return local;
            case WireKind.Optional:
                return EmitReadOptional(writer, type, local, fail, names);
            case WireKind.Tuple:
                return CompositeEmitter.EmitReadTuple(writer, type, local, fail, isElement, names);
            case WireKind.Dictionary or WireKind.ImmutableDictionary:
                return CompositeEmitter.EmitReadDictionary(writer, type, local, fail, names);
            case WireKind.Array or WireKind.List or WireKind.ReadOnlyList or WireKind.ImmutableArray when IsNumbers(type):
                writer.Line($"if (!reader.TryReadNumbers<{type.Element!.Name}>({BoundBefore(type)}out var {local})) return {fail};");
                return type.Kind switch
                {
                    WireKind.List => $"[.. {local}]",
                    WireKind.ImmutableArray => AsImmutable(local),
                    _ => local,
                };
            case WireKind.Array or WireKind.List or WireKind.ReadOnlyList or WireKind.ImmutableArray when IsMessages(type):
                writer.Line($"if (!reader.TryRead{(type.Kind == WireKind.List ? "List" : "Array")}<{type.Element!.Name}>({BoundBefore(type)}out var {local})) return {fail};");
                return type.Kind == WireKind.ImmutableArray ? AsImmutable(local) : local;
            case WireKind.Array or WireKind.List or WireKind.ReadOnlyList or WireKind.ImmutableArray when IsTexts(type):
                writer.Line($"if (!reader.TryReadString{(type.Kind == WireKind.List ? "List" : "Array")}({BoundBefore(type)}out var {local})) return {fail};");
                return type.Kind == WireKind.ImmutableArray ? AsImmutable(local) : local;
            case WireKind.Array or WireKind.List or WireKind.ReadOnlyList or WireKind.ImmutableArray:
                return EmitReadList(writer, type, local, fail, names);
            case WireKind.Value or WireKind.Enum when FixedRunEmitter.IsFixed(type):
                writer.Line($"if (!reader.TryReadFixed(out {type.Name} {local})) return {fail};");
                return local;
            default:
                writer.Line($"if (!reader.TryRead{MethodOf(type, isElement)}{ArgumentsOf(type)}({BoundBefore(type)}out var {local})) return {fail};");
                return type.Kind is WireKind.ByteArray or WireKind.ByteMemory ? $"{local}.ToArray()" : local;
        }
    }

    /// <summary>Writes the statements that write a value.</summary>
    /// <param name="writer">The writer of the file.</param>
    /// <param name="type">The wire type of the value.</param>
    /// <param name="value">The value as an expression.</param>
    /// <param name="local">The name from which names of locals are derived.</param>
    /// <param name="isElement">True if the value is an element of a vector, and so must have at least one byte.</param>
    /// <param name="names">The names of locals.</param>
    public static void EmitWrite(SourceWriter writer, WireType type, string value, string local, bool isElement, LocalNames names)
    {
        switch (type.Kind)
        {
            case WireKind.Optional when IsWhole(type.Element!):
                writer.Line($"writer.WriteOptional({BoundBefore(type.Element!)}{value});");
                break;
            case WireKind.Optional:
                var present = names.For(local + "Value");
                writer.Line($"writer.WriteBoolean({value} is not null);");
                writer.Open($"if ({value} is {{ }} {present})");
                EmitWrite(writer, type.Element!, present, local, false, names);
                writer.Close();
                break;
            case WireKind.Tuple:
                CompositeEmitter.EmitWriteTuple(writer, type, value, local, isElement, names);
                break;
            case WireKind.Dictionary or WireKind.ImmutableDictionary:
                CompositeEmitter.EmitWriteDictionary(writer, type, value, local, names);
                break;
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray when IsNumbers(type):
                writer.Line($"writer.WriteNumbers<{type.Element!.Name}>({BoundBefore(type)}{value}{(type.Kind == WireKind.ImmutableArray ? ".AsSpan()" : "")});");
                break;
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray when IsMessages(type):
                writer.Line($"writer.WriteMessages<{type.Element!.Name}>({BoundBefore(type)}{value}{(type.Kind == WireKind.ImmutableArray ? ".AsSpan()" : "")});");
                break;
            case WireKind.Array or WireKind.List or WireKind.ImmutableArray when IsTexts(type):
                writer.Line($"writer.WriteStrings({BoundBefore(type)}{value}{(type.Kind == WireKind.ImmutableArray ? ".AsSpan()" : "")});");
                break;
            case WireKind.Array or WireKind.List or WireKind.ReadOnlyList or WireKind.ImmutableArray:
                EmitWriteList(writer, type, value, local, names);
                break;
            case WireKind.ByteMemory:
                writer.Line($"writer.Write{MethodOf(type, isElement)}({BoundBefore(type)}{value}.Span);");
                break;
            default:
                writer.Line($"writer.Write{MethodOf(type, isElement)}{(type.Kind == WireKind.Converted ? ArgumentsOf(type) : "")}({BoundBefore(type)}{value});");
                break;
        }
    }

    /// <summary>Returns true if the encoding of a value can be empty. A vector could contain any number of empty elements.</summary>
    public static bool MayBeEmpty(WireType type) =>
        type.Kind is WireKind.Converted or WireKind.Argument || type is { Kind: WireKind.Message, IsVector: false } || type.Kind == WireKind.Tuple && type.Items.All(item => MayBeEmpty(item.Type));

    /// <summary>
    /// Returns the expression that adds the index of an element to the error: <c>reader.FailAt("Users")</c> becomes <c>reader.FailAt("Users", users.Count)</c>.
    /// In a nested list, each list adds its own index.
    /// </summary>
    public static string FailInElement(string fail, string local) =>
        fail.Contains(".Count)") || fail.Contains("||") ? $"reader.FailAt({local}.Count) || {fail}" : fail.Substring(0, fail.Length - 1) + $", {local}.Count)";

    /// <summary>Returns the bounds of a vector as arguments; empty if the vector has no bounds.</summary>
    public static string BoundOf(WireType type) => type.Bound is { } bound ? $"{bound.Min}, {bound.Max}" : "";

    /// <summary>Returns the bounds of a vector as arguments that precede other arguments; empty if the vector has no bounds.</summary>
    public static string BoundBefore(WireType type) => type.Bound is null ? "" : BoundOf(type) + ", ";

    /// <summary>Returns the bounds of a vector as arguments that follow other arguments; empty if the vector has no bounds.</summary>
    public static string BoundAfter(WireType type) => type.Bound is null ? "" : ", " + BoundOf(type);

    private static string EmitReadOptional(SourceWriter writer, WireType type, string local, string fail, LocalNames names)
    {
        var isPresent = names.For("has" + char.ToUpperInvariant(local.TrimStart('@')[0]) + local.TrimStart('@').Substring(1));
        writer.Line($"if (!reader.TryReadBoolean(out var {isPresent})) return {fail};");
        writer.Line($"{type.Name} {local} = null;");
        writer.Open($"if ({isPresent})");
        var value = EmitRead(writer, type.Element!, names.For(local + "Value"), fail, false, names);
        writer.Line($"{local} = {value};");
        writer.Close();
        return local;
    }

    private static string EmitReadList(SourceWriter writer, WireType type, string local, string fail, LocalNames names)
    {
        var element = type.Element!;
        var items = names.For(local + "Items");
        writer.Line($"if (!reader.TryBeginList<{element.Name}>({BoundBefore(type)}out var {items})) return {fail};");
        writer.Open("while (!reader.IsAtEnd)");
        var item = EmitRead(writer, element, names.For(local + "Item"), FailInElement(fail, items), true, names);
        writer.Line($"{items}.Add({item});");
        writer.Close();
        writer.Line($"var {local} = reader.End{(type.Kind == WireKind.List ? "List" : "Array")}({items});");
        return type.Kind == WireKind.ImmutableArray ? AsImmutable(local) : local;
    }

    private static void EmitWriteList(SourceWriter writer, WireType type, string value, string local, LocalNames names)
    {
        var start = names.For(local + "Start");
        var item = names.For(local + "Item");
        writer.Line($"var {start} = writer.BeginVector({BoundOf(type)});");
        writer.Open($"foreach (var {item} in {(type.Kind == WireKind.ImmutableArray ? $"{value}.AsSpan()" : $"{value}.Required()")})");
        EmitWrite(writer, type.Element!, item, item, true, names);
        writer.Close();
        writer.Line($"writer.EndVector({start}{BoundAfter(type)});");
    }

    // The optional types that one call reads or writes: a string, or a value of fixed size.
    private static bool IsWhole(WireType type) => type is { Kind: WireKind.Text, IsRemainder: false } || FixedRunEmitter.IsFixed(type);

    private static bool IsMessages(WireType type) => type.Element is { Kind: WireKind.Message, IsVector: false };

    private static bool IsTexts(WireType type) => type.Element is { Kind: WireKind.Text, Bound: null };

    private static string AsImmutable(string array) => $"global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray({array})";

    // Every bit pattern is a number, so that one call converts the whole vector.
    private static bool IsNumbers(WireType type) =>
        type.Element is { Kind: WireKind.Enum }
            or { Kind: WireKind.Value, Method: "Byte" or "SByte" or "UInt16" or "Int16" or "UInt32" or "Int32" or "UInt64" or "Int64" or "UInt128" or "Int128" or "Half" or "Single" or "Double" };

    private static string MethodOf(WireType type, bool isElement) => type.Kind switch
    {
        WireKind.Value or WireKind.Enum => FixedRunEmitter.IsFixed(type) ? "Fixed" : type.Method,
        WireKind.ClosedEnum => "ClosedEnum",
        WireKind.Text => "String",
        WireKind.Message when type.IsVector => "MessageVector",
        WireKind.Message => isElement ? "Element" : "Message",
        WireKind.Argument => isElement ? "ArgumentElement" : "Argument",
        WireKind.Converted => isElement ? "ConvertedElement" : "Converted",
        _ => type.IsRemainder ? "Remainder" : "Bytes",
    };

    private static string ArgumentsOf(WireType type) => type.Kind switch
    {
        WireKind.Message or WireKind.ClosedEnum or WireKind.Argument => $"<{type.Name}>",
        WireKind.Converted => $"<{type.Method}, {type.Name}>",
        _ => "",
    };
}
