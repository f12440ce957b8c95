using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the class of a role: <c>Begin</c>, a token for each state, the handler, and the extension methods for chaining.</summary>
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
        writer.Line($"/// <summary>The {role} role of <see cref=\"{names.Enum}\"/>.{(declaration.Documentation is { } text ? " " + text : "")}</summary>");
        writer.Line(GeneratedCode.Attribute);
        writer.Open($"{names.Accessibility} static class {view.ClassName}");
        writer.Line("/// <summary>The name and version of the protocol, as negotiated by ALPN (RFC 7301).</summary>");
        writer.Line($"public const string Name = {ProtocolNames.Literal(declaration.ProtocolName)};");
        writer.Line();
        EmitGraph(writer, view);
        writer.Line();
        writer.Line("/// <summary>Begins a run of the protocol on a channel. A channel carries only one run.</summary>");
        writer.Line("/// <param name=\"channel\">A channel on which no protocol has begun.</param>");
        writer.Line("/// <returns>The token of the initial state.</returns>");
        EmitException(writer, InvalidOperation, "A protocol already began on the channel, or the channel negotiated another protocol.");
        if (declaration.RequiresClientIdentity || declaration.RequiresServerIdentity)
            EmitException(writer, "global::SecureChannel.SessionException", "The peer has not proven the identity that the protocol requires.");
        writer.Line($"public static {view.Start.Name} Begin(");
        writer.Deeper($"{ChannelParameter}) =>");
        writer.Line($"    {Services}.StateCursor.Begin<{view.Start.Name}>(channel);");
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
        writer.Line($"private static readonly {Services}.ProtocolGraph Graph = new(Name, global::SecureChannel.Role.{view.Role},");
        writer.Line("[");
        writer.Indent();
        foreach (var state in view.Declaration.States)
        {
            var arguments = $"\"{state.Name}\"" + Transitions("sends", view.Sends(state), hasLimit: false) + Transitions("receives", view.Receives(state), hasLimit: true)
                + (state.IsFinal ? ", isFinal: true" : "")
                + (state.Deadline is { } seconds ? $", deadline: {seconds.ToString("R", CultureInfo.InvariantCulture)}" : "");
            writer.Line($"new({arguments}),");
        }

        writer.Outdent();
        writer.Line("]" + (view.Declaration.RequiresClientIdentity ? ", requiresClientIdentity: true" : "")
            + (view.Declaration.RequiresServerIdentity ? ", requiresServerIdentity: true" : "") + ");");

        static string Transitions(string name, IEnumerable<Transition> transitions, bool hasLimit)
        {
            var list = string.Join(", ", transitions.Select(transition =>
                $"{Services}.Transition.Of<{transition.Message.FullyQualifiedName}>(\"{transition.Label}\", {transition.Next}"
                + (transition.IsAnytime ? ", isAnytime: true" : "")
                + (hasLimit && transition.Message.MaxSize is { } size ? $", maxSize: {size}" : "") + ")"));
            return list.Length == 0 ? "" : $", {name}: [{list}]";
        }
    }
}
