using SecureChannel.Model.Handshakes;
using static SecureChannel.Generators.Emit.HandshakeNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the wrapper struct of a variant: a message that is distinguished by its content from other messages with the same code.</summary>
internal static class HandshakeVariantEmitter
{
    private const string Messages = "global::SecureChannel.Messages.";

    /// <summary>Returns the source of a variant's wrapper.</summary>
    public static string Emit(VariantModel model)
    {
        var variant = model.Variant;
        var message = variant.VariantOf!;
        var (self, type) = (variant.FullyQualifiedName, message.FullyQualifiedName);
        var source = SourceWriter.ForCodec(variant.Namespace);
        source.Line(GeneratedCode.Attribute);
        source.Open($"readonly {(variant.IsRefStruct ? "ref " : "")}partial {(model.IsRecord ? "record " : "")}struct {variant.Name} : {Messages}ICodedMessage<{self}>");

        source.Line($"/// <summary>Wraps {WithArticle(message.Name)} whose content makes it {WithArticle(variant.Name)}.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line($"/// <exception cref=\"global::System.ArgumentException\">The content does not make the message {WithArticle(variant.Name)}.</exception>");
        source.Open($"public {variant.Name}({type} message)");
        source.Line("if (!Matches(in message))");
        source.Deeper($"throw new global::System.ArgumentException(\"The content of this '{message.Name}' does not make it {WithArticle($"'{variant.Name}'")}.\", nameof(message));");
        source.Line("Message = message;");
        source.Close();
        source.Line();

        source.Line("/// <summary>Gets the message.</summary>");
        source.Line($"public {type} Message {{ get; }}");
        source.Line();
        source.Line($"/// <summary>Returns a value that indicates whether the content of a message makes it {WithArticle(variant.Name)}.</summary>");
        source.Line("/// <param name=\"message\">The message.</param>");
        source.Line($"internal static bool Is(scoped in {type} message) => Matches(in message);");
        source.Line();
        source.Line($"static int {Messages}ICodedMessage<{self}>.Code => {variant.Code};");
        source.Line();

        source.Open($"static bool {Messages}IMessage<{self}>.TryRead(scoped ref {Messages}WireReader reader, out {self} message)");
        source.Line("message = default;");
        source.Line($"if (!reader.TryReadMessage<{type}>(out var content))");
        source.Deeper("return false;");
        source.Line("if (!Matches(in content))");
        source.Deeper($"return reader.Fail({Messages}WireErrorReason.Rejected);");
        source.Line($"message = new {self}(content);");
        source.Line("return true;");
        source.Close();
        source.Line();

        source.Line($"static int {Messages}IMessage<{self}>.GetSize(scoped in {self} message) => {Messages}WireSerializer.GetSize(message.Message);");
        source.Line();
        source.Line($"static void {Messages}IMessage<{self}>.Write(scoped ref {Messages}WireWriter writer, scoped in {self} message) => writer.WriteMessage(message.Message);");
        source.Close();
        return source.ToString();
    }
}
