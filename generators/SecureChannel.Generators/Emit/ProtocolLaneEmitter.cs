using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the <c>Split</c> method of a state in which both roles may send, and the type of the sending lane.</summary>
internal static class ProtocolLaneEmitter
{
    public static void EmitSplit(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, DuplexRegion region)
    {
        var incoming = region.Incoming.ToArray();
        var item = incoming is [var only] ? only.Message.FullyQualifiedName : $"{names.State(state)}.Incoming";
        writer.Line();
        writer.Line("/// <summary>Splits the run into two lanes that can be used concurrently. <c>SendLane.Join</c> joins the lanes.</summary>");
        writer.Line($"public (SendLane Sending, global::SecureChannel.Protocols.ReceiveLane<{item}> Receiving) Split() =>");
        writer.Deeper($"_cursor.Split<{names.State(state)}, SendLane, {item}>(ReadIncoming);");
        writer.Line();
        ProtocolReadEmitter.Emit(writer, view, "ReadIncoming", item, incoming, (transition, message) => incoming.Length > 1
            ? $"incoming.Accept<{transition.Message.FullyQualifiedName}, {item}>(new Incoming.{transition.Label}({message}))"
            : $"incoming.Accept<{transition.Message.FullyQualifiedName}, {item}>({message})");
        if (incoming.Length < 2)
            return;

        writer.Line();
        writer.Line($"/// <summary>A message received on the receiving lane: {ListOf(incoming)}.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open("public abstract record Incoming");
        writer.Line("private protected Incoming() { }");
        foreach (var transition in incoming)
        {
            writer.Line();
            writer.Line($"/// <summary>A received {See(transition.Message.FullyQualifiedName)}.</summary>");
            writer.Line("/// <param name=\"Message\">The message.</param>");
            writer.Line(GeneratedCode.Attribute);
            writer.Line($"public sealed record {transition.Label}({transition.Message.FullyQualifiedName} Message) : Incoming;");
        }

        writer.Close();
    }

    public static void EmitLane(SourceWriter writer, RoleView view, ProtocolNames names, StateModel state, IReadOnlyList<StateModel> joined)
    {
        var sends = view.Sends(state).ToArray();
        writer.Line();
        var behavior = sends.Length == 0 ? "cannot send" : "sends " + ListOf(sends);
        writer.Line($"/// <summary>The sending lane in the <see cref=\"{names.Enum}.{state.Name}\"/> state: {behavior}.</summary>");
        writer.Line("/// <remarks>");
        writer.Line($"/// Only one send may be in progress. A send throws <see cref=\"{InvalidOperation}\"/> if the lane was already used.");
        writer.Line("/// A canceled send leaves the lane valid.");
        writer.Line("/// </remarks>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open($"public readonly struct SendLane : {Services}.ISendLane<SendLane>");
        writer.Line($"private readonly {Services}.SendCursor _cursor;");
        writer.Line();
        writer.Line($"private SendLane({Services}.SendCursor cursor) => _cursor = cursor;");
        foreach (var transition in sends)
            EmitSend(writer, names, view, state, transition);
        EmitJoin(writer, names, joined);
        writer.Line();
        writer.Line($"static {Services}.ProtocolState {Services}.ISendLane<SendLane>.State => {names.Class}.Graph[{state.Index}];");
        writer.Line();
        writer.Line($"static SendLane {Services}.ISendLane<SendLane>.At({Services}.SendCursor cursor) => new(cursor);");
        writer.Close();
    }

    private static void EmitSend(SourceWriter writer, ProtocolNames names, RoleView view, StateModel state, Transition transition)
    {
        var message = transition.Message.FullyQualifiedName;
        var stays = transition.Next == state.Index;
        var next = $"{names.State(view.Declaration[transition.Next])}.SendLane";
        writer.Line();
        writer.Line(stays
            ? $"/// <summary>Sends {See(message)}. This lane remains valid.</summary>"
            : $"/// <summary>Sends {See(message)} and continues in <see cref=\"{next}\"/>.</summary>");
        var scoped = transition.Message.IsRefStruct ? "scoped " : "";
        writer.Line($"public {TaskType}{(stays ? "" : $"<{next}>")} SendAsync({scoped}in {message} message, {CancellationParameter} = default) =>");
        writer.Line($"    {names.Guard(transition)}_cursor.SendAsync<SendLane, {message}{(stays ? "" : $", {next}")}>(message, cancellationToken);");
    }

    private static void EmitJoin(SourceWriter writer, ProtocolNames names, IReadOnlyList<StateModel> joined)
    {
        writer.Line();
        writer.Line("/// <summary>Joins the lanes. The run continues in the state that the messages of both roles led to.</summary>");
        writer.Line("/// <param name=\"receiving\">The receiving lane of the same split, with no receive in progress.</param>");
        EmitException(writer, InvalidOperation, "The lanes are from different splits, or a lane is in use.");
        if (joined is [var only])
        {
            writer.Line($"public {names.State(only)} Join({ReceiveLaneParameter}) =>");
            writer.Deeper($"_cursor.Join<SendLane>(receiving).ToToken<{names.State(only)}>();");
            return;
        }

        writer.Open($"public Rejoined Join({ReceiveLaneParameter})");
        writer.Line("var cursor = _cursor.Join<SendLane>(receiving);");
        writer.Open($"return ({names.Enum})cursor.State!.Index switch");
        foreach (var state in joined)
            writer.Line($"{names.Enum}.{state.Name} => new Rejoined.{state.Name}(cursor.ToToken<{names.State(state)}>()),");
        writer.Line("_ => throw cursor.UnreachableState(),");
        writer.Close(";");
        writer.Close();
        writer.Line();
        writer.Line("/// <summary>The state of the run after the join.</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open("public abstract record Rejoined");
        writer.Line("private protected Rejoined() { }");
        foreach (var state in joined)
        {
            writer.Line();
            writer.Line($"/// <summary>The <see cref=\"{names.Enum}.{state.Name}\"/> state.</summary>");
            writer.Line("/// <param name=\"Next\">The token of the state.</param>");
            writer.Line(GeneratedCode.Attribute);
            writer.Line($"public sealed record {state.Name}({names.State(state)} Next) : Rejoined;");
        }

        writer.Close();
    }
}
