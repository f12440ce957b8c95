using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the handler of a role: one method for each message that can arrive, and what calls them.</summary>
internal static class ProtocolHandlerEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line("/// <summary>Handles each message that can arrive; what its methods return can only be an answer that is legal there.</summary>");
        writer.Open("public abstract class Handler : global::SecureChannel.Protocols.ProtocolHandler");
        writer.Line("/// <inheritdoc/>");
        writer.Line("public sealed override string Protocol => Name;");
        writer.Line();
        if (view.NeedsAnswer(view.Start) && !view.Rests(view.Start))
        {
            writer.Line("/// <summary>Says what comes first.</summary>");
            writer.Line($"protected abstract {ProtocolNames.Task}<{view.Start.Name}.Answer> OnBeginAsync({view.Start.Name} state);");
            writer.Line();
        }

        var methods = new HashSet<string>();
        foreach (var state in view.Declaration.States)
        {
            foreach (var transition in view.Receives(state))
                EmitMethod(writer, view, state, transition, methods);
        }

        foreach (var state in view.Declaration.States.Where(view.MayPush))
            EmitPush(writer, state);
        EmitBegin(writer, view, names);
        EmitPushes(writer, view, names);
        EmitStep(writer, view, names);
        writer.Close();
    }

    private static void EmitMethod(SourceWriter writer, RoleView view, StateModel state, Transition transition, HashSet<string> methods)
    {
        var next = view.Declaration[transition.Next];
        var parameter = ProtocolNames.Variable(transition);
        var result = view.NeedsAnswer(next) ? $"{ProtocolNames.Task}<{next.Name}.Answer>" : ProtocolNames.Task;
        var name = $"On{transition.Label}Async";
        if (!methods.Add($"{name}({transition.Message.FullyQualifiedName}, {next.Name})"))
            return;
        writer.Line($"/// <summary>{transition.Label} has arrived{(next.Index == state.Index ? "" : $", which leads to <see cref=\"{next.Name}\"/>")}.</summary>");
        writer.Line($"protected abstract {result} {name}({transition.Message.FullyQualifiedName} {parameter}, {next.Name} state);");
        writer.Line();
    }

    private static void EmitPush(SourceWriter writer, StateModel state)
    {
        writer.Line($"/// <summary>What is sent by itself while the protocol stays in <see cref=\"{state.Name}\"/>, beside what answers arrivals; null if nothing. It runs while other methods do.</summary>");
        writer.Line("/// <param name=\"left\">Cancelled when the state is left: the enumeration must then end, and what it still gives is dropped.</param>");
        writer.Line($"protected virtual global::System.Collections.Generic.IAsyncEnumerable<{state.Name}.Answer>? PushIn{state.Name}Async(global::System.Threading.CancellationToken left) => null;");
        writer.Line();
    }

    private static void EmitPushes(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        var states = view.Declaration.States.Where(view.MayPush).ToArray();
        if (states.Length == 0)
            return;
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"protected sealed override global::System.Collections.Generic.IAsyncEnumerator<global::SecureChannel.CompilerServices.HandlerResult>? PushesIn(global::SecureChannel.CompilerServices.StateCursor cursor, global::System.Threading.CancellationToken left) => ({names.Enum})cursor.State!.Index switch");
        foreach (var state in states)
            writer.Line($"{names.Enum}.{state.Name} => Pushes(PushIn{state.Name}Async(left), left),");
        writer.Line("_ => null,");
        writer.Close(";");
    }

    private static void EmitBegin(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected sealed override global::SecureChannel.CompilerServices.StateCursor Begin([global::SecureChannel.CodeAnalysis.InState(global::SecureChannel.CodeAnalysis.SessionState.Established), global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.MessageChannel channel) =>");
        writer.Line($"    global::SecureChannel.CompilerServices.StateCursor.Of({names.Class}.Begin(channel));");
        if (!view.NeedsAnswer(view.Start) || view.Rests(view.Start))
            return;
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected sealed override {ProtocolNames.Task}<global::SecureChannel.CompilerServices.StateCursor> StartAsync(global::SecureChannel.CompilerServices.StateCursor cursor, {ProtocolNames.Cancellation}) =>");
        writer.Line($"    AnswerAsync(cursor.As<{view.Start.Name}>(), OnBeginAsync(cursor.As<{view.Start.Name}>()), cancellationToken);");
    }

    private static void EmitStep(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"protected sealed override async {ProtocolNames.Task}<global::SecureChannel.CompilerServices.StateCursor> StepAsync(global::SecureChannel.CompilerServices.StateCursor cursor, {ProtocolNames.Cancellation})");
        writer.Open($"switch (({names.Enum})cursor.State!.Index)");
        foreach (var state in view.Declaration.States)
        {
            var received = view.Receives(state).ToArray();
            if (received.Length == 0)
                continue;
            writer.Open($"case {names.Enum}.{state.Name}:");
            writer.Open($"return await ((await cursor.As<{state.Name}>().ReceiveAsync(cancellationToken).ConfigureAwait(false)) switch");
            foreach (var transition in received)
            {
                var pattern = received.Length > 1 ? $"{state.Name}.{transition.Label}(var message, var next)" : "var (message, next)";
                var answered = view.NeedsAnswer(view.Declaration[transition.Next]);
                writer.Line($"{pattern} => AnswerAsync(next, On{transition.Label}Async(message, next){(answered ? ", cancellationToken" : "")}),");
            }

            if (received.Length > 1)
                writer.Line("_ => throw new global::System.Diagnostics.UnreachableException(),");
            writer.Close(").ConfigureAwait(false);");
            writer.Close();
        }

        writer.Line("default:");
        writer.Line("    throw new global::System.Diagnostics.UnreachableException();");
        writer.Close();
        writer.Close();
    }
}
