using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>How the generated code of a role spells what it names.</summary>
internal sealed class ProtocolNames(RoleView view)
{
    public const string Cancellation = "global::System.Threading.CancellationToken cancellationToken";
    public const string Pooled = "[global::System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]";
    public const string Task = "global::System.Threading.Tasks.ValueTask";

    /// <summary>The enum, from anywhere.</summary>
    public string Enum { get; } = view.Declaration.Namespace.Length == 0 ? $"global::{view.Declaration.Name}" : $"global::{view.Declaration.Namespace}.{view.Declaration.Name}";

    /// <summary>The role's class, from anywhere.</summary>
    public string Class => Enum + view.Role;

    /// <summary>No more accessible than the enum and every message.</summary>
    public string Accessibility { get; } =
        view.Declaration.IsPublic && view.Declaration.States.All(state => state.Transitions.All(transition => transition.Message.IsPublic)) ? "public" : "internal";

    /// <summary>A type in documentation: a reference, or its name where it is constructed, which no reference can be to.</summary>
    public static string See(string type) => type.Contains('<')
        ? $"<c>{Regex.Replace(type, @"global::(\w+\.)*", "").Replace("<", "&lt;").Replace(">", "&gt;")}</c>"
        : $"<see cref=\"{type}\"/>";

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A label as a parameter or variable, which meets none of ours.</summary>
    public static string Variable(Transition transition)
    {
        var name = char.ToLowerInvariant(transition.Label[0]) + transition.Label.Substring(1);
        if (name is "incoming" or "state")
            name += "Message";
        return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
    }

    /// <summary><c>A, B or C</c>; null if there are none.</summary>
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

    /// <summary>What refuses a message that the peer would take for a variant of it, before what sends it; empty where it has none.</summary>
    public string Guard(Transition transition) => string.Concat(view.VariantsOf(view.Role, transition.Message).Select(variant =>
        $"{variant.FullyQualifiedName}.Is(in message) ? throw global::SecureChannel.CompilerServices.StateCursor.IsVariant<{transition.Message.FullyQualifiedName}, {variant.FullyQualifiedName}>() : "));

    /// <summary>A state as it is named from anywhere.</summary>
    public string State(StateModel state) => $"{Class}.{state.Name}";

    /// <summary>A state as it is named within another, where a case of that one's reply may hide it.</summary>
    public string StateWithin(StateModel scope, int index)
    {
        var name = view.Declaration[index].Name;
        return view.Receives(scope).Any(transition => transition.Label == name) ? $"{Class}.{name}" : name;
    }
}
