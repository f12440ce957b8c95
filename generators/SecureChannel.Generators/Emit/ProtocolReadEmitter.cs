using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes what reads a message that has arrived: one attempt for each code, and where its content tells variants apart, a look at that.</summary>
internal static class ProtocolReadEmitter
{
    /// <param name="writer">Where to write.</param>
    /// <param name="view">The role.</param>
    /// <param name="header">The method's name.</param>
    /// <param name="reply">What it returns.</param>
    /// <param name="received">What may arrive.</param>
    /// <param name="accept">What is returned for a message that is held by an expression.</param>
    public static void Emit(
        SourceWriter writer, RoleView view, string header, string reply, IEnumerable<Transition> received, Func<Transition, string, string> accept)
    {
        var refuse = $"global::SecureChannel.CompilerServices.IncomingMessage.Refuse<{reply}>()";
        writer.Line($"private static {reply} {header}(ref global::SecureChannel.CompilerServices.IncomingMessage incoming) =>");
        writer.Indent();
        foreach (var group in received.GroupBy(transition => transition.Message.OnTheWire))
        {
            var variable = ProtocolNames.Variable(group.First());
            var plain = group.FirstOrDefault(transition => transition.Message.VariantOf is null);
            var accepted = plain is null ? refuse : accept(plain, variable);
            foreach (var variant in view.VariantsOf(view.Peer, group.Key).Reverse())
            {
                var type = variant.FullyQualifiedName;
                var ifVariant = group.FirstOrDefault(transition => transition.Message.Equals(variant)) is { } legal ? accept(legal, $"new {type}({variable})") : refuse;
                accepted = $"{type}.Is(in {variable}) ? {ifVariant} : {accepted}";
            }

            writer.Line($"incoming.TryRead<{group.Key.FullyQualifiedName}>(out var {variable}) ? {accepted} :");
        }

        writer.Line($"{refuse};");
        writer.Outdent();
    }
}
