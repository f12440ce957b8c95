using System.Globalization;
using SecureChannel.Model.Messages;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the codec of a message.</summary>
internal static class MessageEmitter
{
    private const string Messages = "global::SecureChannel.Messages";

    // For a codec that calls other codecs: the JIT's budget for inlining would end in the middle of the innermost codec, which is then slow. 8 is
    // MethodImplOptions.NoInlining, whose full name would be as long as half a method.
    private const string NoInlining = "[global::System.Runtime.CompilerServices.MethodImpl(8)]";

    /// <summary>Returns the source of a message's codec.</summary>
    public static string Emit(MessageModel model)
    {
        var writer = Begin(model);
        EmitTryRead(writer, model);
        EmitGetSize(writer, model);
        EmitWrite(writer, model);
        return End(writer, model);
    }

    /// <summary>Begins the generated file of a message or union, and opens the declaration of the type.</summary>
    public static SourceWriter Begin(MessageModel model)
    {
        var writer = SourceWriter.ForCodec(model.Namespace);
        foreach (var containing in model.ContainingTypes)
            writer.Open(containing);
        if (!model.HasGeneratedCode)
            writer.Line(GeneratedCode.Attribute);
        var union = model.Union is { } cases ? $", global::SecureChannel.CompilerServices.IUnion<{model.Name}, {cases.Tag.Name}>" : "";
        writer.Open($"{model.Declaration} {model.Name} : {Messages}.{(model.Code is null ? "IMessage" : "ICodedMessage")}<{model.Name}>{union}");
        if (model.Code is { } code)
        {
            writer.Line($"static int {Messages}.ICodedMessage<{model.Name}>.Code => {code};");
            writer.Line();
        }

        return writer;
    }

    /// <summary>Closes the type and its containing types, and returns the source of the file.</summary>
    public static string End(SourceWriter writer, MessageModel model)
    {
        writer.Close();
        foreach (var _ in model.ContainingTypes)
            writer.Close();
        return writer.ToString();
    }

    /// <summary>Opens the <c>TryRead</c> method of a message.</summary>
    public static void OpenTryRead(SourceWriter writer, MessageModel model)
    {
        // Measured: reading is as fast inlined as not, except for a view, which allocates nothing.
        if (model.Union is not null || ViewEmitter.IsView(model) && HoldsMessages(model))
            writer.Line(NoInlining);
        writer.Open($"static bool {Interface(model)}.TryRead(scoped ref {Messages}.WireReader reader, out {model.Name} message)");
        // Clearing a struct of spans costs more than reading one, and callers clear a message that was not read.
        writer.Line(
            !model.IsValueType ? "message = null;"
            : ViewEmitter.IsView(model) ? "global::System.Runtime.CompilerServices.Unsafe.SkipInit(out message);"
            : "message = default;");
    }

    /// <summary>Writes the <c>GetSize</c> method if the size is constant. Otherwise, the interface's default method measures the message.</summary>
    public static void EmitGetSize(SourceWriter writer, MessageModel model)
    {
        if (model.Union is not null || model.Fields.Any(field => field.Type.Size < 0 || field.Since > 0))
            return;
        var size = model.Fields.Sum(field => field.Type.Size).ToString(CultureInfo.InvariantCulture);
        writer.Line($"static int {Interface(model)}.GetSize(scoped in {model.Name} message) => {size};");
        writer.Line();
    }

    /// <summary>Opens the <c>Write</c> method of a message.</summary>
    public static void OpenWrite(SourceWriter writer, MessageModel model, string message)
    {
        if (model.Union is not null || HoldsMessages(model))
            writer.Line(NoInlining);
        writer.Open($"static void {Interface(model)}.Write(scoped ref {Messages}.WireWriter writer, scoped in {model.Name} {message})");
    }

    /// <summary>Writes the statements that construct the message and return true. If the user's constructor or setter throws, the input is rejected.</summary>
    public static void EmitConstruction(SourceWriter writer, string construction, bool mayThrow)
    {
        if (!mayThrow)
        {
            writer.Line($"message = {construction};\nreturn true;");
            return;
        }

        writer.Open("try");
        writer.Line($"message = {construction};\nreturn true;");
        writer.Close();
        writer.Open("catch (global::System.Exception rejection)");
        writer.Line("return reader.Fail(rejection);");
        writer.Close();
    }

    private static bool HoldsMessages(MessageModel model) => model.Fields.Any(field => HoldsMessages(field.Type));

    private static bool HoldsMessages(WireType type) =>
        type.Kind == WireKind.Message || type.Element is { } element && HoldsMessages(element) || type.Items.Any(item => HoldsMessages(item.Type));

    private static void EmitTryRead(SourceWriter writer, MessageModel model)
    {
        var names = new LocalNames("reader", "message", "rejection");
        var locals = model.Fields.Select(field => names.For(field.Name)).ToArray();
        // A field that is read in a run is in its local.
        var values = locals.ToArray();
        OpenTryRead(writer, model);
        if (ViewEmitter.UsesPositions(model))
            ViewEmitter.EmitRead(writer, model, locals, names);
        else
            EmitReadFields(writer, model, locals, values, names);
        if (!ViewEmitter.IsFilledInPlace(model) && (values.Length > 0 || !model.IsValueType))
            EmitConstruction(writer, Construct(model, values, values.Length), model.MayThrow);
        else
            writer.Line("return true;");
        writer.Close();
        writer.Line();
    }

    private static void EmitReadFields(SourceWriter writer, MessageModel model, string[] locals, string[] values, LocalNames names)
    {
        var declarations = model.Fields.Select((field, i) => FixedRunEmitter.Declare(field, locals[i])).ToArray();
        for (int i = 0, count; i < locals.Length; i += count)
        {
            var field = model.Fields[i];
            if (IsFirstOfVersion(model, i))
            {
                // An earlier version does not have the field, which then has the default of its declaration.
                writer.Open($"if (reader.Version < {field.Since})");
                EmitConstruction(writer, Construct(model, values, i), model.MayThrow);
                writer.Close();
            }

            count = FixedRunEmitter.Count(model.Fields, i);
            if (count == 1)
                values[i] = FieldEmitter.EmitRead(writer, field.Type, locals[i], $"reader.FailAt(\"{field.Name.TrimStart('@')}\")", false, names);
            else
                FixedRunEmitter.EmitRead(writer, model.Fields.AsSpan(i, count), declarations.AsSpan(i, count));
        }
    }

    private static void EmitWrite(SourceWriter writer, MessageModel model)
    {
        var names = new LocalNames("writer");
        // Named after its type, so that an exception that quotes the expression names the type and the field.
        var message = names.For(model.Name.Split('<')[0]);
        OpenWrite(writer, model, message);
        for (int i = 0, count; i < model.Fields.Count; i += count)
        {
            var field = model.Fields[i];
            if (IsFirstOfVersion(model, i))
            {
                writer.Line($"if (writer.Version < {field.Since}) return;");
            }

            count = FixedRunEmitter.Count(model.Fields, i);
            if (count == 1)
                FieldEmitter.EmitWrite(writer, field.Type, $"{message}.{field.Name}", names.For(field.Name), false, names);
            else
                FixedRunEmitter.EmitWrite(writer, message, model.Fields.AsSpan(i, count));
        }

        writer.Close();
    }

    private static bool IsFirstOfVersion(MessageModel model, int index) =>
        model.Fields[index].Since > (index == 0 ? 0 : model.Fields[index - 1].Since);

    private static string Construct(MessageModel model, string[] values, int count)
    {
        var arguments = Enumerable.Range(0, count).Where(i => model.Fields[i].Argument >= 0).OrderBy(i => model.Fields[i].Argument).ToArray();
        // An argument after one that is omitted must be named.
        var named = arguments.Select((field, index) => model.Fields[field].Argument == index ? values[field] : $"{model.Fields[field].Parameter}: {values[field]}");
        var setters = Enumerable.Range(0, count).Where(i => model.Fields[i].IsSet).Select(i => $"{model.Fields[i].Name} = {values[i]}").ToArray();
        return $"new({string.Join(", ", named)}){(setters.Length == 0 ? "" : $" {{ {string.Join(", ", setters)} }}")}";
    }

    private static string Interface(MessageModel model) => $"{Messages}.IMessage<{model.Name}>";
}
