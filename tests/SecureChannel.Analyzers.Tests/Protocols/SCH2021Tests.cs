namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2021Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2021:A|}>(End)] A, [Final] End }")]
    public Task Reports_a_state_with_the_name_of_a_received_message(string source) => DeclarationTest.CheckAsync(source);
}
