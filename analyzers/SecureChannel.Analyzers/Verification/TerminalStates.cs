using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>Where a declaration arrives, if all goes well.</summary>
internal static class TerminalStates
{
    /// <summary>The final states of a protocol, the established ones of a handshake.</summary>
    public static IEnumerable<int> Of(DeclarationModel model) =>
        model.States.Where(state => model.Kind == DeclarationKind.Protocol ? state.IsFinal : state.IsEstablished).Select(state => state.Index);
}
