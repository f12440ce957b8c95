namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2020Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Begin)] Start, [Final] {|SCH2020:Begin|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Split)] Start, [Final] {|SCH2020:Split|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(PServer)] Start, [Final] {|SCH2020:PServer|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(@event)] Start, [Final] {|SCH2020:@event|} }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(@event)] Start, [Server<B>(Open, Authenticates = Role.Server)] {|SCH2020:@event|}, [Established] Open }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2020:As = \"Reply\"|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2020:As = \"no name\"|})] Start, [Final] End }")]
    [InlineData("[Message(40)] public readonly partial record struct Message; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2020:Message|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<H>({|SCH2020:As = \"Answer\"|})] public enum P { [Client<A>(Two)] One, [Client<A>(End)] Two, [Final] End }")]
    public Task Reports_a_reserved_or_invalid_name(string source) => DeclarationTest.CheckAsync(source);
}
