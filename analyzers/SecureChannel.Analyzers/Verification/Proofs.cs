using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>What a handshake declares about the identity of the server.</summary>
internal static class Proofs
{
    /// <summary>Whether a move proves the server's identity to the client.</summary>
    public static bool ProvesServer(GraphTransition move) => move is { Sender: RoleModel.Server, Transition.Authenticates: RoleModel.Server };

    /// <summary>Whether any message is declared to.</summary>
    public static bool AreDeclared(DeclarationModel model) =>
        model.States.Any(state => state.SentBy(RoleModel.Server).Any(transition => transition.Authenticates == RoleModel.Server));
}
