namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2024Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<B>(Ending)] [Server<A>(Open)] {|SCH2024:Open|}, [Server<A>(Ending)] [Server<C>(Last)] Ending, [Server<Other.A>(End)] Last, [Final] End }")]
    public Task Reports_a_state_whose_lanes_have_conflicting_names(string source) => DeclarationTest.CheckAsync(source);
}
