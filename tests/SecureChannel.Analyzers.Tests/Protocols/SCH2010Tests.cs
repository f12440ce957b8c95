namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2010Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Dead)] [Client<B>(End)] Start, {|SCH2010:Dead|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] [Client<B>(End)] Start, [Server<C>(Two)] {|SCH2010:One|}, [Client<D>(One)] Two, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] {|SCH2010:Start|}, [Server<B>(Start)] One, [Final] {|SCH2009:End|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] [Client<B>(End)] Start, [Client<C>(Dead)] One, {|SCH2010:Dead|}, [Final] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Dead)] Next, {|SCH2010:Dead|}, [Established] Open }")]
    public Task Reports_a_state_without_a_path_to_an_end(string source) => DeclarationTest.CheckAsync(source);
}
