using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes a role's operations on the task of a state, so that a chain of them takes one await.</summary>
internal static class ProtocolExtensionsEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line($"/// <summary>The operations of <see cref=\"{names.Class}\"/> on a state that is still awaited.</summary>");
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
        writer.Line($"/// <summary>Sends {transition.Label}, once the state is reached.</summary>");
        writer.Line(ProtocolNames.Pooled);
        writer.Open($"public static async {ProtocolNames.Task}<{next}> SendAsync(this {ProtocolNames.Task}<{names.Class}.{state.Name}> state, {transition.Message.FullyQualifiedName} message, {ProtocolNames.Cancellation} = default)");
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
        writer.Line($"/// <summary>Waits for {ProtocolNames.ListOf(received)}, once the state is reached.</summary>");
        writer.Line(ProtocolNames.Pooled);
        writer.Open($"public static async {ProtocolNames.Task}<{reply}> ReceiveAsync(this {ProtocolNames.Task}<{token}> state, {ProtocolNames.Cancellation} = default)");
        writer.Line("return await (await state.ConfigureAwait(false)).ReceiveAsync(cancellationToken).ConfigureAwait(false);");
        writer.Close();
    }
}
