namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2014Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] {|SCH2014:Start|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<H>] public enum P { [Client<A>(End)] {|SCH2014:Start|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Next)] {|SCH2014:Start|}, [Server<B>(End)] [Deadline(5)] Next, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Left)] [Server<B>(Right)] Start, [Server<B>(End)] {|SCH2014:Left|}, [Client<A>(End)] {|SCH2014:Right|}, [Final] End }")]
    public Task Reports_a_wait_without_a_deadline(string source) => DeclarationTest.CheckAsync(source, informs: true);
}
