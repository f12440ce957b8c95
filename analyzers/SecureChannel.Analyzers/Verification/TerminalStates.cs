using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>The states in which a protocol ends or a handshake is complete.</summary>
internal static class TerminalStates
{
    /// <summary>Gets the final states of a protocol, or the established states of a handshake.</summary>
    public static IEnumerable<int> Of(DeclarationModel model) =>
        model.States.Where(state => model.Kind == DeclarationKind.Protocol ? state.IsFinal : state.IsEstablished).Select(state => state.Index);
}
