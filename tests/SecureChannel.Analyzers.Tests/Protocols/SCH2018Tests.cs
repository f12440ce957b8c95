namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2018Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:string|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:int[]|}>(End)] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:Part|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<{|SCH2018:Part|}>] public enum P { [Client<A>(End)] Start, [Final] End }")]
    public Task Reports_a_message_without_a_code(string source) => DeclarationTest.CheckAsync(source);

    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<Page>(End)] Start, [Final] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<{|SCH2018:Page|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    public Task A_hand_written_message_is_allowed_in_protocols_only(string declaration) => DeclarationTest.CheckAsync(
        """
        public readonly struct Page : SecureChannel.Messages.ICodedMessage<Page>
        {
            public static int Code => 7;
            public static bool TryRead(scoped ref SecureChannel.Messages.WireReader reader, out Page message) { message = default; return true; }
            public static int GetSize(scoped in Page message) => 0;
            public static void Write(scoped ref SecureChannel.Messages.WireWriter writer, scoped in Page message) { }
        }

        """ + declaration);
}
