namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2032Tests
{
    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public class PClient { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } internal static class PServer { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public static class PClientExtensions { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public interface PServerExtensions { }")]
    [InlineData("namespace N { [Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } } namespace N.PClient { public class Other { } }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<PServer>(End)] Start, [Final] End } [Message(9)] public readonly partial record struct PServer;")]
    public Task Reports_a_generated_name_that_is_in_use(string source) => DeclarationTest.CheckAsync(source);
}
