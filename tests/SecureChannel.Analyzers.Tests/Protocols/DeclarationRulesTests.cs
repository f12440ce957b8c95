namespace SecureChannel.Analyzers.Tests.Protocols;

/// <summary>Tests of all rules about declarations together.</summary>
public sealed class DeclarationRulesTests
{
    [Theory]
    [InlineData("public enum P { Start, End }")]
    [InlineData("[Flags] public enum P { [Obsolete(\"x\")] One = 1, Two = 2 }")]
    [InlineData("namespace Mine { class ClientAttribute<T>(int next) : Attribute; enum P { [Client<A>(1)] Start, End = 7 } }")]
    [InlineData("namespace Mine { class ProtocolAttribute(string name) : Attribute; [Mine.Protocol(\"\")] enum P { } }")]
    [InlineData("[VariantOf<A>] public readonly ref partial struct V; [VariantOf<Chunk>] public readonly ref partial struct W;")]
    [InlineData("[VariantOf<A>] public partial struct V; public partial struct V { static bool Matches(scoped in A message) => true; }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(A)] Start, [Final] A }")]
    [InlineData("namespace N { [Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] End } } public class PClient { } public class PServer { }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] End } public class PClient<T> { } public class PClients { public class PServer { } }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open } public partial class PClient { }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(A)] Start, [Server<Chunk>(Begin, Authenticates = Role.Server)] A, [Established] Begin }")]
    public Task No_rule_reports_a_valid_declaration_or_another_enum(string source) => DeclarationTest.CheckAsync(source);
}
