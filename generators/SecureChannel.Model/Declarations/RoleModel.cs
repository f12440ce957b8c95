namespace SecureChannel.Model.Declarations;

/// <summary>A role in a session.</summary>
public enum RoleModel
{
    /// <summary>The role that opens the session.</summary>
    Client,

    /// <summary>The role that accepts the session.</summary>
    Server,
}

/// <summary>Extensions of <see cref="RoleModel"/>.</summary>
public static class RoleModels
{
    /// <summary>Gets the other role.</summary>
    /// <param name="role">A role.</param>
    public static RoleModel Peer(this RoleModel role) => role == RoleModel.Client ? RoleModel.Server : RoleModel.Client;

    /// <summary>Gets the role's name in text: <c>client</c> or <c>server</c>.</summary>
    /// <param name="role">A role.</param>
    public static string Name(this RoleModel role) => role == RoleModel.Client ? "client" : "server";
}
