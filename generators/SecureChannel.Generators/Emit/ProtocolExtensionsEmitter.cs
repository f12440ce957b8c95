using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of extension methods on the tasks that return state tokens, so that a chain of operations needs only one await.</summary>
internal static class ProtocolExtensionsEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line($"/// <summary>Extension methods that chain operations of <see cref=\"{names.Class}\"/>, so that a chain needs only one await.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open($"{names.Accessibility} static class {view.ExtensionsName}");
        var first = true;
        foreach (var state in view.Declaration.States)
        {
            foreach (var transition in view.Sends(state).Where(transition => !transition.Message.IsRefStruct))
            {
                Separate();
                EmitSend(writer, view, names, state, transition);
            }

            if (view.Receives(state).Any())
            {
                Separate();
                EmitReceive(writer, view, names, state);
            }
        }

        writer.Close();

        void Separate()
        {
            if (!first)
                writer.Line();
            first = false;
        }
    }

    private static void EmitSend(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, Transition transition)
    {
        var next = $"{names.Class}.{view.Declaration[transition.Next].Name}";
        var message = transition.Message.FullyQualifiedName;
        writer.Line($"/// <summary>Awaits the state, then sends {transition.Label}.</summary>");
        writer.Line(Pooled);
        writer.Line($"public static async {TaskType}<{next}> SendAsync(");
        writer.Deeper($"this {TaskType}<{names.Class}.{state.Name}> state, {message} message, {CancellationParameter} = default)");
        writer.Brace();
        if (transition.Next == state.Index)
        {
            writer.Line("var token = await state.ConfigureAwait(false);");
            writer.Line("await token.SendAsync(message, cancellationToken).ConfigureAwait(false);");
            writer.Line("return token;");
        }
        else
        {
            writer.Line("return await (await state.ConfigureAwait(false)).SendAsync(message, cancellationToken).ConfigureAwait(false);");
        }

        writer.Close();
    }

    private static void EmitReceive(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        var token = $"{names.Class}.{state.Name}";
        var received = view.Receives(state).ToArray();
        var reply = received is [var only]
            ? $"({only.Message.FullyQualifiedName} Message, {names.Class}.{view.Declaration[only.Next].Name} Next)"
            : $"{token}.Reply";
        writer.Line($"/// <summary>Awaits the state, then receives {ListOf(received)}.</summary>");
        writer.Line(Pooled);
        writer.Line($"public static async {TaskType}<{reply}> ReceiveAsync(");
        writer.Deeper($"this {TaskType}<{token}> state, {CancellationParameter} = default)");
        writer.Brace();
        writer.Line("return await (await state.ConfigureAwait(false)).ReceiveAsync(cancellationToken).ConfigureAwait(false);");
        writer.Close();
    }
}
