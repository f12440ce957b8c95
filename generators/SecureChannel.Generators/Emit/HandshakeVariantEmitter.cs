using SecureChannel.Model.Handshakes;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the wrapper of a message's variant: the message, known to have the content that makes it this variant.</summary>
internal static class HandshakeVariantEmitter
{
    public static string Emit(VariantModel model)
    {
        var variant = model.Variant;
        var message = variant.VariantOf!;
        var type = HandshakeNames.TypeOf(message, variant.Namespace);
        var source = SourceWriter.ForFile(variant.Namespace, "System", "SecureChannel.Messages");
        source.Open($"readonly {(variant.IsRefStruct ? "ref " : "")}partial {(model.IsRecord ? "record " : "")}struct {variant.Name} : ICodedMessage<{variant.Name}>");

        source.Line($"/// <summary>Takes a message that is of this variant.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line("/// <exception cref=\"ArgumentException\">The message is not of this variant.</exception>");
        source.Open($"public {variant.Name}({type} message)");
        source.Line("if (!Matches(in message))");
        source.Deeper($"throw new ArgumentException(\"This {message.Name} is no {variant.Name}.\", nameof(message));");
        source.Line("Message = message;");
        source.Close();
        source.Line();

        source.Line("/// <summary>The message.</summary>");
        source.Line($"public {type} Message {{ get; }}");
        source.Line();
        source.Line("/// <summary>Whether a message is of this variant.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line($"internal static bool Is(scoped in {type} message) => Matches(in message);");
        source.Line();
        source.Line($"static int ICodedMessage<{variant.Name}>.Code => {variant.Code};");
        source.Line();

        source.Open($"static bool IMessage<{variant.Name}>.TryRead(scoped ref WireReader reader, out {variant.Name} message)");
        source.Line("message = default;");
        source.Line($"if (!reader.TryReadMessage<{type}>(out var content))");
        source.Deeper("return false;");
        source.Line("if (!Matches(in content))");
        source.Deeper("return reader.Fail(WireErrorReason.Rejected);");
        source.Line($"message = new {variant.Name}(content);");
        source.Line("return true;");
        source.Close();
        source.Line();

        source.Line($"static int IMessage<{variant.Name}>.GetSize(scoped in {variant.Name} message) => WireSerializer.GetSize(message.Message);");
        source.Line();
        source.Line($"static void IMessage<{variant.Name}>.Write(scoped ref WireWriter writer, scoped in {variant.Name} message) => writer.WriteMessage(message.Message);");
        source.Close();
        return source.ToString();
    }
}
