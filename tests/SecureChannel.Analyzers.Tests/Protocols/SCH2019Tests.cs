namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2019Tests
{
    [Theory]
    [InlineData("[Message(256)] public readonly partial record struct Far; [Handshake(\"h/1\")] public enum P { [Client<{|SCH2019:Far|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Message(0)] public readonly partial record struct Zero; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2019:Zero|}>(End)] Start, [Final] End }")]
    [InlineData("[Message(-1)] public readonly partial record struct Less; [Handshake(\"h/1\")] public enum P { [Client<{|SCH2019:Less|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Message(1 << 30)] public readonly partial record struct Far; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2019:Far|}>(End)] Start, [Final] End }")]
    public Task Reports_a_code_out_of_range(string source) => DeclarationTest.CheckAsync(source);
}
