namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2023Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2023:Chunk|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<{|SCH2023:Chunk|}>(Role.Server)] public enum P { [Client<A>(Two)] One, [Client<A>(End)] Two, [Final] End }")]
    public Task Reports_a_received_ref_struct(string source) => DeclarationTest.CheckAsync(source);
}
