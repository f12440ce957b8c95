using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes what splits a state in which both roles may send, and the lane that sends.</summary>
internal static class ProtocolLaneEmitter
{
    public static void EmitSplit(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, DuplexRegion region)
    {
        var incoming = region.Incoming.ToArray();
        var item = incoming is [var only] ? only.Message.FullyQualifiedName : $"{names.State(state)}.Incoming";
        writer.Line();
        writer.Line("/// <summary>Splits the run into a lane that sends and one that receives, which may be used at the same time. <c>Join</c> of the sending lane ends that.</summary>");
        writer.Line($"public (SendLane Sending, global::SecureChannel.Protocols.ReceiveLane<{item}> Receiving) Split() => _cursor.Split<{names.State(state)}, SendLane, {item}>(ReadIncoming);");
        writer.Line();
        ProtocolReadEmitter.Emit(writer, view, "ReadIncoming", item, incoming, (transition, message) => incoming.Length > 1
            ? $"incoming.Take<{transition.Message.FullyQualifiedName}, {item}>(new Incoming.{transition.Label}({message}))"
            : $"incoming.Take<{transition.Message.FullyQualifiedName}, {item}>({message})");
        if (incoming.Length < 2)
            return;

        writer.Line();
        writer.Line($"/// <summary>What arrives in the receiving lane: {ProtocolNames.ListOf(incoming)}.</summary>");
        writer.Open("public abstract record Incoming");
        writer.Line("private protected Incoming() { }");
        foreach (var transition in incoming)
        {
            writer.Line();
            writer.Line($"/// <summary>{ProtocolNames.See(transition.Message.FullyQualifiedName)} has arrived.</summary>");
            writer.Line("/// <param name=\"Message\">The message.</param>");
            writer.Line($"public sealed record {transition.Label}({transition.Message.FullyQualifiedName} Message) : Incoming;");
        }

        writer.Close();
    }

    public static void EmitLane(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, IReadOnlyList<StateModel> joined)
    {
        var sends = view.Sends(state).ToArray();
        writer.Line();
        writer.Line($"/// <summary>The sending lane of a split run, where this end's own messages have led to <see cref=\"{names.State(state)}\"/>: {(sends.Length == 0 ? "nothing more can be sent" : "sends " + ProtocolNames.ListOf(sends))}.</summary>");
        writer.Line("/// <remarks>One send at a time. A lane that has been used throws <see cref=\"global::System.InvalidOperationException\"/>; a cancelled send gives it back.</remarks>");
        writer.Open("public readonly struct SendLane : global::SecureChannel.CompilerServices.ISendLane<SendLane>");
        writer.Line("private readonly global::SecureChannel.CompilerServices.SendCursor _cursor;");
        writer.Line();
        writer.Line("private SendLane(global::SecureChannel.CompilerServices.SendCursor cursor) => _cursor = cursor;");
        foreach (var transition in sends)
            EmitSend(writer, names, view, state, transition);
        EmitJoin(writer, names, joined);
        writer.Line();
        writer.Line($"static global::SecureChannel.CompilerServices.ProtocolState global::SecureChannel.CompilerServices.ISendLane<SendLane>.State => {names.Class}.Graph[{state.Index}];");
        writer.Line();
        writer.Line("static SendLane global::SecureChannel.CompilerServices.ISendLane<SendLane>.At(global::SecureChannel.CompilerServices.SendCursor cursor) => new(cursor);");
        writer.Close();
    }

    private static void EmitSend(SourceWriter writer, ProtocolNames names, RoleView view, StateModel state, Transition transition)
    {
        var message = transition.Message.FullyQualifiedName;
        var stays = transition.Next == state.Index;
        var next = $"{names.State(view.Declaration[transition.Next])}.SendLane";
        writer.Line();
        writer.Line(stays
            ? $"/// <summary>Sends {ProtocolNames.See(message)}. This lane stays valid.</summary>"
            : $"/// <summary>Sends {ProtocolNames.See(message)} and goes on in <see cref=\"{next}\"/>.</summary>");
        writer.Line($"public {ProtocolNames.Task}{(stays ? "" : $"<{next}>")} SendAsync({(transition.Message.IsRefStruct ? "scoped " : "")}in {message} message, {ProtocolNames.Cancellation} = default) =>");
        writer.Line($"    {names.Guard(transition)}_cursor.SendAsync<SendLane, {message}{(stays ? "" : $", {next}")}>(message, cancellationToken);");
    }

    private static void EmitJoin(SourceWriter writer, ProtocolNames names, IReadOnlyList<StateModel> joined)
    {
        writer.Line();
        writer.Line("/// <summary>Joins the lanes: the run goes on where the messages of both ends have led.</summary>");
        writer.Line("/// <param name=\"receiving\">The other lane of the split, on which no receive is under way.</param>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">The lanes are not of one split, or one of them is in use.</exception>");
        if (joined is [var only])
        {
            writer.Line($"public {names.State(only)} Join([global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.ReceiveLane receiving) => _cursor.Join<SendLane>(receiving).As<{names.State(only)}>();");
            return;
        }

        writer.Open("public Rejoined Join([global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.ReceiveLane receiving)");
        writer.Line("var cursor = _cursor.Join<SendLane>(receiving);");
        writer.Open($"return ({names.Enum})cursor.State!.Index switch");
        foreach (var state in joined)
            writer.Line($"{names.Enum}.{state.Name} => new Rejoined.{state.Name}(cursor.As<{names.State(state)}>()),");
        writer.Line("_ => throw cursor.UnreachableState(),");
        writer.Close(";");
        writer.Close();
        writer.Line();
        writer.Line("/// <summary>Where the run goes on after the lanes were joined.</summary>");
        writer.Open("public abstract record Rejoined");
        writer.Line("private protected Rejoined() { }");
        foreach (var state in joined)
        {
            writer.Line();
            writer.Line($"/// <summary>It goes on in <see cref=\"{names.State(state)}\"/>.</summary>");
            writer.Line("/// <param name=\"Next\">The state's token.</param>");
            writer.Line($"public sealed record {state.Name}({names.State(state)} Next) : Rejoined;");
        }

        writer.Close();
    }
}
