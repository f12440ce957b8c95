using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2028AuthenticateSenderTests
{
    [Theory]
    [InlineData("Role.Server", "Role.Client")]
    [InlineData("SecureChannel.Role.Server", "SecureChannel.Role.Client")]
    public Task Changes_the_authenticated_role_to_the_sender(string proves, string expected) => DeclarationFixTest.CheckAsync<SCH2028AuthenticatesWrongRole, SCH2028AuthenticateSender>(
        $"[Handshake(\"h/1\")] enum P {{ [Client<A>(Next, [|Authenticates = {proves}|])] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }}",
        $"[Handshake(\"h/1\")] enum P {{ [Client<A>(Next, Authenticates = {expected})] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }}");
}
