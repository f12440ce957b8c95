using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>What a handshake declares about the identity of the server.</summary>
internal static class Proofs
{
    /// <summary>Whether a transition proves the server's identity to the client.</summary>
    public static bool ProvesServer(Transition transition) => transition is { Sender: RoleModel.Server, Authenticates: RoleModel.Server };

    /// <summary>Whether any message is declared to.</summary>
    public static bool AreDeclared(DeclarationModel model) =>
        model.States.Any(state => state.SentBy(RoleModel.Server).Any(transition => transition.Authenticates == RoleModel.Server));
}
