using SecureChannel.Model.Handshakes;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the type of a message's variant: a wrapper that contains the message only if its content matches the variant.</summary>
internal static class HandshakeVariantEmitter
{
    private const string Messages = "global::SecureChannel.Messages";

    public static string Emit(VariantModel model)
    {
        var variant = model.Variant;
        var message = variant.VariantOf!;
        var type = message.FullyQualifiedName;
        var name = variant.Name;
        var source = SourceWriter.ForCodec(variant.Namespace);
        source.Line(SourceWriter.GeneratedCode);
        source.Open($"readonly {(variant.IsRefStruct ? "ref " : "")}partial {(model.IsRecord ? "record " : "")}struct {name} : {Messages}.ICodedMessage<{name}>");

        source.Line($"/// <summary>Creates a '{name}' from a message that matches it.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line($"/// <exception cref=\"global::System.ArgumentException\">The message does not match '{name}'.</exception>");
        source.Open($"public {name}({type} message)");
        source.Line("if (!Matches(in message))");
        source.Deeper($"throw new global::System.ArgumentException(\"The '{message.Name}' does not match the variant '{name}'.\", nameof(message));");
        source.Line("Message = message;");
        source.Close();
        source.Line();

        source.Line("/// <summary>Gets the message.</summary>");
        source.Line($"public {type} Message {{ get; }}");
        source.Line();
        source.Line($"/// <summary>Returns true if a message matches '{name}'.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line($"internal static bool Is(scoped in {type} message) => Matches(in message);");
        source.Line();
        source.Line($"static int {Messages}.ICodedMessage<{name}>.Code => {variant.Code};");
        source.Line();

        source.Open($"static bool {Messages}.IMessage<{name}>.TryRead(scoped ref {Messages}.WireReader reader, out {name} message)");
        source.Line("message = default;");
        source.Line($"if (!reader.TryReadMessage<{type}>(out var content)) return false;");
        source.Line($"if (!Matches(in content)) return reader.Fail({Messages}.WireErrorReason.Rejected);");
        source.Line("message = new(content);");
        source.Line("return true;");
        source.Close();
        source.Line();

        source.Line($"static int {Messages}.IMessage<{name}>.GetSize(scoped in {name} message) => {Messages}.WireSerializer.GetSize(message.Message);");
        source.Line();
        source.Open($"static void {Messages}.IMessage<{name}>.Write(scoped ref {Messages}.WireWriter writer, scoped in {name} message)");
        source.Line("writer.WriteMessage(message.Message);");
        source.Close();
        source.Close();
        return source.ToString();
    }
}
