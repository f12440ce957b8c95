using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>The transitions of a handshake that authenticate the server.</summary>
internal static class ServerAuthentication
{
    /// <summary>Determines whether a transition authenticates the server to the client.</summary>
    public static bool IsProvidedBy(Transition transition) => transition is { Sender: RoleModel.Server, Authenticates: RoleModel.Server };

    /// <summary>Determines whether any transition of a handshake authenticates the server.</summary>
    public static bool IsDeclared(DeclarationModel model) =>
        model.States.Any(state => state.SentBy(RoleModel.Server).Any(transition => transition.Authenticates == RoleModel.Server));
}
