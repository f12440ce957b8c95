using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the token of a state: a struct with the operations that are legal in the state.</summary>
internal static class ProtocolStateEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        var received = view.Receives(state).ToArray();
        EmitSummary(writer, view, names, state);
        writer.Line(GeneratedCode.Attribute);
        writer.Open($"public readonly struct {state.Name} : {Services}.IStateToken<{state.Name}>");
        writer.Line($"private readonly {Services}.StateCursor _cursor;");
        writer.Line();
        writer.Line($"private {state.Name}({Services}.StateCursor cursor) => _cursor = cursor;");
        writer.Line();
        writer.Line("/// <summary>Gets the session on which the protocol runs: the peer's identity, endpoints and negotiated parameters.</summary>");
        EmitException(writer, InvalidOperation, "The token is a default value.");
        writer.Line($"public global::SecureChannel.SessionInfo Session => _cursor.GetSession<{state.Name}>();");
        if (view.HasHandler && view.IsHandled(state))
        {
            writer.Line();
            writer.Line("/// <summary>Gets the token that cancels the handler, or the default value if no handler runs.</summary>");
            writer.Line("public global::System.Threading.CancellationToken CancellationToken => _cursor.CancellationToken;");
        }

        foreach (var transition in view.Sends(state))
            EmitSend(writer, names, state, transition);
        if (received.Length > 0)
            EmitReceive(writer, view, names, state, received);
        if (received.Length > 1)
            EmitReply(writer, names, state, received);
        if (view.RegionOf(state) is { } region)
            ProtocolLaneEmitter.EmitSplit(writer, view, names, state, region);
        if (view.Joined(state.Index) is { Count: > 0 } joined)
            ProtocolLaneEmitter.EmitLane(writer, view, names, state, joined);
        if ((view.HasHandler && view.NeedsAnswer(state)) || view.MayPush(state))
            EmitAnswer(writer, view, names, state);
        EmitToken(writer, names, state);
        writer.Close();
    }

    /// <summary>Gets the type of a state's reply: a tuple if the role can receive only one message, otherwise <c>Reply</c>.</summary>
    private static string ReplyOf(ProtocolNames names, StateModel state, Transition[] received) => received is [var only]
        ? $"({only.Message.FullyQualifiedName} Message, {names.StateWithin(state, only.Next)} Next)"
        : "Reply";

    private static void EmitSummary(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        var behavior = (state.IsFinal, ListOf(view.Sends(state)), ListOf(view.Receives(state))) switch
        {
            (true, _, _) => "the protocol has ended",
            (_, { } sends, { } receives) => $"may send {sends}, and may receive {receives}",
            (_, { } sends, _) => $"sends {sends}",
            (_, _, { } receives) => $"receives {receives}",
            _ => "nothing can be sent or received",
        };
        var documentation = state.Documentation is { } text ? " " + text : "";
        writer.Line($"/// <summary>The <see cref=\"{names.Enum}.{state.Name}\"/> state: {behavior}.{documentation}</summary>");
        if (state.IsFinal)
            return;
        writer.Line("/// <remarks>");
        writer.Line("/// A token is valid for one operation, unless the operation says otherwise. An operation throws");
        writer.Line($"/// <see cref=\"{InvalidOperation}\"/> if the token was already used or is a default value. A canceled operation leaves the token valid.");
        writer.Line("/// </remarks>");
    }

    private static void EmitSend(SourceWriter writer, ProtocolNames names, StateModel state, Transition transition)
    {
        var message = transition.Message.FullyQualifiedName;
        var stays = transition.Next == state.Index;
        var next = names.StateWithin(state, transition.Next);
        var scoped = transition.Message.IsRefStruct ? "scoped " : "";
        writer.Line();
        writer.Line(stays
            ? $"/// <summary>Sends {See(message)}. This token remains valid.</summary>"
            : $"/// <summary>Sends {See(message)} and transitions to <see cref=\"{next}\"/>.</summary>");
        writer.Line($"public {TaskType}{(stays ? "" : $"<{next}>")} SendAsync({scoped}in {message} message, {CancellationParameter} = default) =>");
        writer.Line($"    {names.Guard(transition)}_cursor.SendAsync<{state.Name}, {message}{(stays ? "" : $", {next}")}>(message, cancellationToken);");
    }

    private static void EmitReceive(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, Transition[] received)
    {
        var reply = ReplyOf(names, state, received);
        writer.Line();
        writer.Line($"/// <summary>Receives {ListOf(received)}.</summary>");
        EmitException(writer, SessionException, "The peer sent an unexpected message, the peer closed the channel, or the channel failed.");
        writer.Line($"public {TaskType}<{reply}> ReceiveAsync({CancellationParameter} = default) =>");
        writer.Line($"    _cursor.ReceiveAsync<{state.Name}, {reply}>(Read, cancellationToken);");
        writer.Line();
        ProtocolReadEmitter.Emit(writer, view, "Read", reply, received, (transition, message) =>
        {
            var next = $"incoming.TransitionTo<{transition.Message.FullyQualifiedName}, {names.StateWithin(state, transition.Next)}>()";
            return received.Length > 1 ? $"new {transition.Label}({message}, {next})" : $"({message}, {next})";
        });
    }

    private static void EmitReply(SourceWriter writer, ProtocolNames names, StateModel state, Transition[] received)
    {
        writer.Line();
        writer.Line($"/// <summary>The received message: {ListOf(received)}.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open("public abstract record Reply");
        writer.Line("private protected Reply() { }");
        writer.Close();
        foreach (var transition in received)
        {
            var next = names.StateWithin(state, transition.Next);
            writer.Line();
            writer.Line($"/// <summary>A received {See(transition.Message.FullyQualifiedName)}.</summary>");
            writer.Line("/// <param name=\"Message\">The message.</param>");
            writer.Line("/// <param name=\"Next\">The token of the next state.</param>");
            writer.Line(GeneratedCode.Attribute);
            writer.Line($"public sealed record {transition.Label}({transition.Message.FullyQualifiedName} Message, {next} Next) : Reply;");
        }
    }

    private static void EmitAnswer(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        writer.Line();
        writer.Line($"/// <summary>The answer of a handler method: {ListOf(view.Sends(state))}, or the state that the method reached by sending.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open($"public readonly struct Answer : {Services}.IHandlerAnswer");
        writer.Line($"private readonly {Services}.HandlerResult? _result;");
        writer.Line();
        writer.Line($"private Answer({Services}.HandlerResult result) => _result = result;");
        writer.Line();
        writer.Line($"{Services}.HandlerResult? {Services}.IHandlerAnswer.Result => _result;");
        foreach (var transition in view.Sends(state).Where(transition => !transition.Message.IsRefStruct && view.Rests(view.Declaration[transition.Next])))
        {
            var (message, next) = (transition.Message.FullyQualifiedName, names.StateWithin(state, transition.Next));
            writer.Line();
            writer.Line($"/// <summary>Sends {See(message)} and transitions to <see cref=\"{next}\"/>.</summary>");
            writer.Line($"public static implicit operator Answer({message} message) =>");
            writer.Line($"    {names.Guard(transition)}new({Services}.HandlerResult.Send<{state.Name}, {message}, {next}>(message));");
        }

        foreach (var rest in view.RestsFrom(state).Select(rest => names.StateWithin(state, rest.Index)))
        {
            writer.Line();
            writer.Line($"/// <summary>Continues in <see cref=\"{rest}\"/>.</summary>");
            writer.Line($"public static implicit operator Answer({rest} state) => new({Services}.HandlerResult.Continue(state));");
        }

        writer.Close();
    }

    private static void EmitToken(SourceWriter writer, ProtocolNames names, StateModel state)
    {
        writer.Line();
        writer.Line($"static {Services}.ProtocolState {Services}.IStateToken<{state.Name}>.State => {names.Class}.Graph[{state.Index}];");
        writer.Line();
        writer.Line($"{Services}.StateCursor {Services}.IStateToken<{state.Name}>.Cursor => _cursor;");
        writer.Line();
        writer.Line($"static {state.Name} {Services}.IStateToken<{state.Name}>.At({Services}.StateCursor cursor) => new(cursor);");
    }
}
