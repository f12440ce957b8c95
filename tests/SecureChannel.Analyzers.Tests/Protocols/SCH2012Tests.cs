namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2012Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2012:Established|}] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2012:Authenticates = Role.Client|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2012:CarriesEphemeralKey = true|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2012:Deadline(1)|}] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [{|SCH2012:Deadline(1)|}] Next, [Established] [{|SCH2012:Final|}] Open }")]
    [InlineData("[Handshake(\"h/1\")] [{|SCH2012:RequiresIdentity(Role.Client)|}] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    public Task Reports_an_attribute_or_argument_without_effect(string source) => DeclarationTest.CheckAsync(source);
}
