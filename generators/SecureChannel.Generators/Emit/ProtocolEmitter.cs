using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes the class of a role: <c>Begin</c>, a token for each state, the handler, and the extensions that make one await enough.</summary>
internal static class ProtocolEmitter
{
    public static SourceText Emit(RoleView view)
    {
        var names = new ProtocolNames(view);
        var writer = SourceWriter.ForFile(view.Declaration.Namespace);
        EmitClass(writer, view, names);
        writer.Line();
        ProtocolExtensionsEmitter.Emit(writer, view, names);
        return SourceText.From(writer.ToString(), Encoding.UTF8);
    }

    private static void EmitClass(SourceWriter writer, RoleView view, ProtocolNames names)
    {
        var declaration = view.Declaration;
        var role = view.Role == RoleModel.Client ? "client" : "server";
        writer.Line($"/// <summary>The {role} of <see cref=\"{names.Enum}\"/>.{(declaration.Documentation is { } text ? " " + text : "")}</summary>");
        writer.Open($"{names.Accessibility} static class {view.ClassName}");
        writer.Line("/// <summary>The protocol's name and version, as ALPN carries it (RFC 7301).</summary>");
        writer.Line($"public const string Name = {ProtocolNames.Literal(declaration.ProtocolName)};");
        writer.Line();
        EmitGraph(writer, view);
        writer.Line();
        writer.Line("/// <summary>Begins the protocol on a channel. A channel carries one run.</summary>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">A protocol has begun on the channel, or its ends agreed on another.</exception>");
        writer.Line($"public static {view.Start.Name} Begin([global::SecureChannel.CodeAnalysis.InState(global::SecureChannel.CodeAnalysis.SessionState.Established), global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.MessageChannel channel) =>");
        writer.Line($"    global::SecureChannel.CompilerServices.StateCursor.Begin<{view.Start.Name}>(channel);");
        foreach (var state in declaration.States)
        {
            writer.Line();
            ProtocolStateEmitter.Emit(writer, view, names, state);
        }

        if (view.HasHandler)
        {
            writer.Line();
            ProtocolHandlerEmitter.Emit(writer, view, names);
        }

        writer.Close();
    }

    private static void EmitGraph(SourceWriter writer, RoleView view)
    {
        writer.Line($"private static readonly global::SecureChannel.CompilerServices.ProtocolGraph Graph = new(Name, global::SecureChannel.Role.{view.Role},");
        writer.Line("[");
        writer.Indent();
        foreach (var state in view.Declaration.States)
        {
            var arguments = $"\"{state.Name}\"" + Moves("sends", view.Sends(state)) + Moves("receives", view.Receives(state))
                + (state.IsFinal ? ", isFinal: true" : "")
                + (state.Deadline is { } seconds ? $", deadline: {seconds.ToString("R", CultureInfo.InvariantCulture)}" : "");
            writer.Line($"new({arguments}),");
        }

        writer.Outdent();
        writer.Line("]);");

        static string Moves(string name, IEnumerable<Transition> transitions)
        {
            var moves = string.Join(", ", transitions.Select(transition =>
                $"global::SecureChannel.CompilerServices.Transition.Of<{transition.Message.FullyQualifiedName}>(\"{transition.Label}\", {transition.Next}{(transition.IsAnytime ? ", isAnytime: true" : "")})"));
            return moves.Length == 0 ? "" : $", {name}: [{moves}]";
        }
    }
}
