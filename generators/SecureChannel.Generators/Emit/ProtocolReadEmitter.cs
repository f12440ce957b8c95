using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;
using static SecureChannel.Generators.Emit.ProtocolNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the method that reads a received message. The method tries each legal code, and tests the content of a message that has variants.</summary>
internal static class ProtocolReadEmitter
{
    /// <param name="writer">The destination.</param>
    /// <param name="view">The role.</param>
    /// <param name="header">The name of the method.</param>
    /// <param name="reply">The return type.</param>
    /// <param name="received">The transitions by which the role may receive.</param>
    /// <param name="accept">Creates the result expression for a message that is the value of an expression.</param>
    public static void Emit(
        SourceWriter writer, RoleView view, string header, string reply, IEnumerable<Transition> received, Func<Transition, string, string> accept)
    {
        var reject = $"{Services}.IncomingMessage.Reject<{reply}>()";
        writer.Line($"private static {reply} {header}(ref {Services}.IncomingMessage incoming) =>");
        writer.Indent();
        foreach (var group in received.GroupBy(transition => transition.Message.OnTheWire))
        {
            var variable = Variable(group.First());
            var plain = group.FirstOrDefault(transition => transition.Message.VariantOf is null);
            var accepted = plain is null ? reject : accept(plain, variable);
            foreach (var variant in view.VariantsOf(view.Peer, group.Key).Reverse())
            {
                var type = variant.FullyQualifiedName;
                var ifVariant = group.FirstOrDefault(transition => transition.Message.Equals(variant)) is { } legal
                    ? accept(legal, $"new {type}({variable})")
                    : reject;
                accepted = $"{type}.Is(in {variable}) ? {ifVariant} : {accepted}";
            }

            writer.Line($"incoming.TryRead<{group.Key.FullyQualifiedName}>(out var {variable}) ? {accepted} :");
        }

        writer.Line($"{reject};");
        writer.Outdent();
    }
}
