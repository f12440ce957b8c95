using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the handler of a role: a method for each message that the role can receive, and the code that calls the methods.</summary>
internal static class ProtocolHandlerEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line("/// <summary>The base class of handlers of this role. Its methods handle received messages and can return only legal answers.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open("public abstract class Handler : global::SecureChannel.Protocols.ProtocolHandler");
        writer.Line("/// <inheritdoc/>");
        writer.Line("public sealed override string Protocol => Name;");
        writer.Line();
        if (view.NeedsAnswer(view.Start) && !view.Rests(view.Start))
        {
            writer.Line("/// <summary>Returns the first message, or the state reached by sending it.</summary>");
            writer.Line($"protected abstract {TaskType}<{view.Start.Name}.Answer> OnBeginAsync({view.Start.Name} state);");
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
        EmitGetPushes(writer, view, names);
        EmitHandleNext(writer, view, names);
        writer.Close();
    }

    private static void EmitMethod(SourceWriter writer, RoleView view, StateModel state, Transition transition, HashSet<string> methods)
    {
        var next = view.Declaration[transition.Next];
        var parameter = Variable(transition);
        var result = view.NeedsAnswer(next) ? $"{TaskType}<{next.Name}.Answer>" : TaskType;
        var name = $"On{transition.Label}Async";
        if (!methods.Add($"{name}({transition.Message.FullyQualifiedName}, {next.Name})"))
            return;
        writer.Line($"/// <summary>Handles {transition.Label}{(next.Index == state.Index ? "" : $", which leads to <see cref=\"{next.Name}\"/>")}.</summary>");
        writer.Line($"protected abstract {result} {name}({transition.Message.FullyQualifiedName} {parameter}, {next.Name} state);");
        writer.Line();
    }

    private static void EmitPush(SourceWriter writer, StateModel state)
    {
        writer.Line($"/// <summary>Gets the messages to push in <see cref=\"{state.Name}\"/>, or null. Runs concurrently with other methods.</summary>");
        writer.Line("/// <param name=\"session\">The session on which the protocol runs.</param>");
        writer.Line("/// <param name=\"left\">The token that is canceled when the protocol leaves the state. The enumeration must then end.</param>");
        writer.Line($"protected virtual {Collections}.IAsyncEnumerable<{state.Name}.Answer>? PushIn{state.Name}Async(");
        writer.Deeper("global::SecureChannel.SessionInfo session, global::System.Threading.CancellationToken left) => null;");
        writer.Line();
    }

    private static void EmitGetPushes(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        var states = view.Declaration.States.Where(view.MayPush).ToArray();
        if (states.Length == 0)
            return;
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected sealed override {Collections}.IAsyncEnumerator<{Services}.HandlerResult>? GetPushes(");
        writer.Deeper($"{Services}.StateCursor cursor, global::System.Threading.CancellationToken left) =>");
        writer.Indent();
        writer.Open($"({names.Enum})cursor.State!.Index switch");
        foreach (var state in states)
            writer.Line($"{names.Enum}.{state.Name} => UnwrapPushes(PushIn{state.Name}Async(cursor.GetSession<{state.Name}>(), left), left),");
        writer.Line("_ => null,");
        writer.Close(";");
        writer.Outdent();
    }

    private static void EmitBegin(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected sealed override {Services}.StateCursor Begin(");
        writer.Deeper($"{ChannelParameter}) =>");
        writer.Line($"    {Services}.StateCursor.Of({names.Class}.Begin(channel));");
        if (!view.NeedsAnswer(view.Start) || view.Rests(view.Start))
            return;
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected sealed override {TaskType}<{Services}.StateCursor> HandleBeginAsync(");
        writer.Deeper($"{Services}.StateCursor cursor, {CancellationParameter}) =>");
        writer.Line($"    ApplyAnswerAsync(cursor.ToToken<{view.Start.Name}>(), OnBeginAsync(cursor.ToToken<{view.Start.Name}>()), cancellationToken);");
    }

    private static void EmitHandleNext(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected sealed override async {TaskType}<{Services}.StateCursor> HandleNextAsync(");
        writer.Deeper($"{Services}.StateCursor cursor, {CancellationParameter})");
        writer.Brace();
        writer.Open($"switch (({names.Enum})cursor.State!.Index)");
        foreach (var state in view.Declaration.States)
        {
            var received = view.Receives(state).ToArray();
            if (received.Length == 0)
                continue;
            writer.Open($"case {names.Enum}.{state.Name}:");
            writer.Open($"return await ((await cursor.ToToken<{state.Name}>().ReceiveAsync(cancellationToken).ConfigureAwait(false)) switch");
            foreach (var transition in received)
            {
                var pattern = received.Length > 1 ? $"{state.Name}.{transition.Label}(var message, var next)" : "var (message, next)";
                var answered = view.NeedsAnswer(view.Declaration[transition.Next]);
                writer.Line($"{pattern} => ApplyAnswerAsync(next, On{transition.Label}Async(message, next){(answered ? ", cancellationToken" : "")}),");
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
