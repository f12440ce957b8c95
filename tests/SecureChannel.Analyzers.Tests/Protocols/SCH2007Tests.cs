namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2007Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2007:P|} { }")]
    public Task Reports_a_declaration_without_states(string source) => DeclarationTest.CheckAsync(source);
}
