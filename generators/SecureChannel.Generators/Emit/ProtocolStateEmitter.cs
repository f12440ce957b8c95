using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the token of a state: what the role may send there, and what may arrive.</summary>
internal static class ProtocolStateEmitter
{
    public static void Emit(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        var received = view.Receives(state).ToArray();
        EmitSummary(writer, view, names, state);
        writer.Open($"public readonly struct {state.Name} : global::SecureChannel.CompilerServices.IStateToken<{state.Name}>");
        writer.Line("private readonly global::SecureChannel.CompilerServices.StateCursor _cursor;");
        writer.Line();
        writer.Line($"private {state.Name}(global::SecureChannel.CompilerServices.StateCursor cursor) => _cursor = cursor;");
        if (view.HasHandler && view.IsHandled(state))
        {
            writer.Line();
            writer.Line("/// <summary>What a handler was told to stop by: pass it to what a method awaits. None where no handler runs.</summary>");
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

    /// <summary>The reply of a state: the case's type, or a tuple where there is only one.</summary>
    private static string ReplyOf(ProtocolNames names, StateModel state, Transition[] received) => received is [var only]
        ? $"({only.Message.FullyQualifiedName} Message, {names.StateWithin(state, only.Next)} Next)"
        : "Reply";

    private static void EmitSummary(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        var what = (state.IsFinal, ProtocolNames.ListOf(view.Sends(state)), ProtocolNames.ListOf(view.Receives(state))) switch
        {
            (true, _, _) => "the protocol has ended",
            (_, { } sends, { } receives) => $"may send {sends}, and receive {receives}",
            (_, { } sends, _) => $"sends {sends}",
            (_, _, { } receives) => $"receives {receives}",
            _ => "nothing can be sent or received",
        };
        writer.Line($"/// <summary><see cref=\"{names.Enum}.{state.Name}\"/>: {what}.{(state.Documentation is { } text ? " " + text : "")}</summary>");
        if (!state.IsFinal)
            writer.Line("/// <remarks>A token is used once. A default or used one throws <see cref=\"global::System.InvalidOperationException\"/>; a cancelled operation gives it back.</remarks>");
    }

    private static void EmitSend(SourceWriter writer, ProtocolNames names, StateModel state, Transition transition)
    {
        var message = transition.Message.FullyQualifiedName;
        var stays = transition.Next == state.Index;
        var next = names.StateWithin(state, transition.Next);
        var scoped = transition.Message.IsRefStruct ? "scoped " : "";
        writer.Line();
        writer.Line(stays
            ? $"/// <summary>Sends {ProtocolNames.See(message)}. This token stays valid.</summary>"
            : $"/// <summary>Sends {ProtocolNames.See(message)} and goes to <see cref=\"{next}\"/>.</summary>");
        writer.Line($"public {ProtocolNames.Task}{(stays ? "" : $"<{next}>")} SendAsync({scoped}in {message} message, {ProtocolNames.Cancellation} = default) =>");
        writer.Line($"    {names.Guard(transition)}_cursor.SendAsync<{state.Name}, {message}{(stays ? "" : $", {next}")}>(message, cancellationToken);");
    }

    private static void EmitReceive(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, Transition[] received)
    {
        var reply = ReplyOf(names, state, received);
        writer.Line();
        writer.Line($"/// <summary>Waits for {ProtocolNames.ListOf(received)}.</summary>");
        writer.Line("/// <exception cref=\"global::SecureChannel.SessionException\">Something else arrived, the peer closed the channel, or it has failed.</exception>");
        writer.Line($"public {ProtocolNames.Task}<{reply}> ReceiveAsync({ProtocolNames.Cancellation} = default) =>");
        writer.Line($"    _cursor.ReceiveAsync<{state.Name}, {reply}>(Read, cancellationToken);");
        writer.Line();
        ProtocolReadEmitter.Emit(writer, view, "Read", reply, received, (transition, message) =>
        {
            var next = $"incoming.To<{transition.Message.FullyQualifiedName}, {names.StateWithin(state, transition.Next)}>()";
            return received.Length > 1 ? $"new {transition.Label}({message}, {next})" : $"({message}, {next})";
        });
    }

    private static void EmitReply(SourceWriter writer, ProtocolNames names, StateModel state, Transition[] received)
    {
        writer.Line();
        writer.Line($"/// <summary>What has arrived: {ProtocolNames.ListOf(received)}.</summary>");
        writer.Open("public abstract record Reply");
        writer.Line("private protected Reply() { }");
        writer.Close();
        foreach (var transition in received)
        {
            var next = names.StateWithin(state, transition.Next);
            writer.Line();
            writer.Line($"/// <summary>{ProtocolNames.See(transition.Message.FullyQualifiedName)} has arrived.</summary>");
            writer.Line("/// <param name=\"Message\">The message.</param>");
            writer.Line("/// <param name=\"Next\">The state after it.</param>");
            writer.Line($"public sealed record {transition.Label}({transition.Message.FullyQualifiedName} Message, {next} Next) : Reply;");
        }
    }

    private static void EmitAnswer(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state)
    {
        writer.Line();
        writer.Line("/// <summary>What a handler may answer here: a message, or the state that it has gone to by sending.</summary>");
        writer.Open("public readonly struct Answer : global::SecureChannel.CompilerServices.IHandlerAnswer");
        writer.Line("private readonly global::SecureChannel.CompilerServices.HandlerResult? _answer;");
        writer.Line();
        writer.Line("private Answer(global::SecureChannel.CompilerServices.HandlerResult answer) => _answer = answer;");
        writer.Line();
        writer.Line("global::SecureChannel.CompilerServices.HandlerResult? global::SecureChannel.CompilerServices.IHandlerAnswer.Result => _answer;");
        foreach (var transition in view.Sends(state).Where(transition => !transition.Message.IsRefStruct && view.Rests(view.Declaration[transition.Next])))
        {
            var (message, next) = (transition.Message.FullyQualifiedName, names.StateWithin(state, transition.Next));
            writer.Line();
            writer.Line($"/// <summary>Sends {ProtocolNames.See(message)} and goes to <see cref=\"{next}\"/>.</summary>");
            writer.Line($"public static implicit operator Answer({message} message) =>");
            writer.Line($"    {names.Guard(transition)}new(global::SecureChannel.CompilerServices.HandlerResult.Send<{state.Name}, {message}, {next}>(message));");
        }

        foreach (var rest in view.RestsFrom(state).Select(rest => names.StateWithin(state, rest.Index)))
        {
            writer.Line();
            writer.Line($"/// <summary>Goes on in <see cref=\"{rest}\"/>.</summary>");
            writer.Line($"public static implicit operator Answer({rest} state) => new(global::SecureChannel.CompilerServices.HandlerResult.Rest(state));");
        }

        writer.Close();
    }

    private static void EmitToken(SourceWriter writer, ProtocolNames names, StateModel state)
    {
        writer.Line();
        writer.Line($"static global::SecureChannel.CompilerServices.ProtocolState global::SecureChannel.CompilerServices.IStateToken<{state.Name}>.State => {names.Class}.Graph[{state.Index}];");
        writer.Line();
        writer.Line($"global::SecureChannel.CompilerServices.StateCursor global::SecureChannel.CompilerServices.IStateToken<{state.Name}>.Cursor => _cursor;");
        writer.Line();
        writer.Line($"static {state.Name} global::SecureChannel.CompilerServices.IStateToken<{state.Name}>.At(global::SecureChannel.CompilerServices.StateCursor cursor) => new(cursor);");
    }
}
