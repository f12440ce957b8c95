using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>The names that the generated code of a role uses.</summary>
internal sealed class ProtocolNames(RoleView view)
{
    public const string Services = "global::SecureChannel.CompilerServices";
    public const string CancellationParameter = "global::System.Threading.CancellationToken cancellationToken";
    public const string ChannelParameter =
        "[global::SecureChannel.CodeAnalysis.InState(global::SecureChannel.CodeAnalysis.SessionState.Established), "
        + "global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.MessageChannel channel";

    public const string ReceiveLaneParameter = "[global::SecureChannel.CodeAnalysis.Consumes] global::SecureChannel.Protocols.ReceiveLane receiving";
    public const string Collections = "global::System.Collections.Generic";
    public const string SessionException = "global::SecureChannel.SessionException";
    public const string InvalidOperation = "global::System.InvalidOperationException";
    public const string Pooled =
        "[global::System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]";
    public const string TaskType = "global::System.Threading.Tasks.ValueTask";

    /// <summary>Gets the fully qualified name of the enum that declares the protocol.</summary>
    public string Enum { get; } =
        view.Declaration.Namespace.Length == 0 ? $"global::{view.Declaration.Name}" : $"global::{view.Declaration.Namespace}.{view.Declaration.Name}";

    /// <summary>Gets the fully qualified name of the class that is generated for the role.</summary>
    public string Class => Enum + view.Role;

    /// <summary>Gets the accessibility of generated types: <c>public</c> if the enum and every message are public; otherwise, <c>internal</c>.</summary>
    public string Accessibility { get; } =
        view.Declaration.IsPublic && view.Declaration.States.All(state => state.Transitions.All(transition => transition.Message.IsPublic))
            ? "public"
            : "internal";

    /// <summary>Formats a type for documentation: as a <c>see</c> element or, because a cref cannot name a constructed generic type, as its name.</summary>
    public static string See(string type) => type.Contains('<')
        ? $"<c>{Regex.Replace(type, @"global::(\w+\.)*", "").Replace("<", "&lt;").Replace(">", "&gt;")}</c>"
        : $"<see cref=\"{type}\"/>";

    public static void EmitException(SourceWriter writer, string type, string condition) =>
        writer.Line($"/// <exception cref=\"{type}\">{condition}</exception>");

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>Gets the name of a parameter or variable for a transition's message. The name collides with no other name in the generated code.</summary>
    public static string Variable(Transition transition)
    {
        var name = char.ToLowerInvariant(transition.Label[0]) + transition.Label.Substring(1);
        if (name is "incoming" or "state")
            name += "Message";
        return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
    }

    /// <summary>Formats labels as <c>A, B or C</c>, or returns null if there are none.</summary>
    public static string? ListOf(IEnumerable<Transition> transitions)
    {
        var labels = transitions.Select(transition => transition.Label).ToArray();
        return labels.Length switch
        {
            0 => null,
            1 => labels[0],
            _ => string.Join(", ", labels.Take(labels.Length - 1)) + " or " + labels[labels.Length - 1],
        };
    }

    /// <summary>Gets the code that precedes a send and rejects a message that the peer would read as a variant; empty if the message has no variants.</summary>
    public string Guard(Transition transition)
    {
        var message = transition.Message.FullyQualifiedName;
        return string.Concat(view.VariantsOf(view.Role, transition.Message).Select(variant => variant.FullyQualifiedName).Select(variant =>
            $"{variant}.Is(in message) ? throw {Services}.StateCursor.CreateVariantException<{message}, {variant}>() : "));
    }

    /// <summary>Gets the fully qualified name of a state's token.</summary>
    public string State(StateModel state) => $"{Class}.{state.Name}";

    /// <summary>Gets the name of a state's token for use inside another state's token, where a reply case can hide the simple name.</summary>
    public string StateWithin(StateModel scope, int index)
    {
        var name = view.Declaration[index].Name;
        return view.Receives(scope).Any(transition => transition.Label == name) ? $"{Class}.{name}" : name;
    }
}
