using System.Globalization;

namespace SecureChannel.Analyzers.Tests;

/// <summary>What each rule about declarations finds, and where; all other rules of the kind run beside it and stay silent.</summary>
public sealed class DeclarationRulesTests
{
    [Theory]
    // SCH2003: where nothing can be generated
    [InlineData("public static class Outer { [Protocol(\"p/1\")] public enum {|SCH2003:P|} { [Client<A>(End)] Start, [Final] End } }")]
    [InlineData("[Protocol(\"p/1\")] file enum {|SCH2003:P|} { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [{|SCH2003:Handshake(\"p/1\")|}] public enum P { [Client<A>(End)] Start, [Final] End }")]
    // SCH2004: values
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start {|SCH2004:= 4|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start {|SCH2004:= 0|}, [Final] End {|SCH2004:= 1|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] End, Again {|SCH2004:= End|} }")]
    // SCH2005: the name on the wire
    [InlineData("[Protocol({|SCH2005:\"\"|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Protocol({|SCH2005:\"\\ud800/1\"|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Handshake({|SCH2005:\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"|})] public enum P { [Client<A>(Next)] Start, [Server<B>(End, Authenticates = Role.Server)] Next, [Established] End }")]
    [InlineData("[Protocol({|SCH2005:null!|})] public enum P { [Client<A>(End)] Start, [Final] End }")]
    // SCH2006: transitions of nothing
    [InlineData("public enum {|SCH2006:P|} { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("public enum {|SCH2006:P|} { Start, [Final] End }")]
    [InlineData("public class P { [{|SCH2006:Client<A>(1)|}] public int Start; }")]
    // SCH2007 to SCH2010: beginning and end
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2007:P|} { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2008:P|} { [Client<A>(Start)] Start }")]
    [InlineData("[Handshake(\"h/1\")] public enum {|SCH2008:P|} { [Client<A>(Next)] Start, [Server<B>(Start, Authenticates = Role.Server)] Next }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Client<B>(End)] {|SCH2009:Island|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Dead)] [Client<B>(End)] Start, {|SCH2010:Dead|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] [Client<B>(End)] Start, [Server<C>(Two)] {|SCH2010:One|}, [Client<D>(One)] Two, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] {|SCH2010:Start|}, [Server<B>(Start)] One, [Final] {|SCH2009:End|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(One)] [Client<B>(End)] Start, [Client<C>(Dead)] One, {|SCH2010:Dead|}, [Final] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Dead)] Next, {|SCH2010:Dead|}, [Established] Open }")]
    // SCH2011: out of an end
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2011:Client<B>(Start)|}] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final, {|SCH2011:Anytime<B>|}] End }")]
    // SCH2012: what says nothing
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2012:Established|}] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2012:Authenticates = Role.Client|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2012:CarriesEphemeralKey = true|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] Start, [Final] [{|SCH2012:Deadline(1)|}] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [{|SCH2012:Deadline(1)|}] Next, [Established] [{|SCH2012:Final|}] Open }")]
    // SCH2013: deadlines
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:0|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:-1|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:2_073_601|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Deadline({|SCH2013:double.NaN|})] Start, [Final] End }")]
    // SCH2015 and SCH2016: what cannot be told apart
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [{|SCH2015:Client<A>(Start)|}] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End), {|SCH2015:Client<A>(End)|}] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [{|SCH2015:Anytime<A>(Role.Client)|}] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2016:AlsoA|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<SpecialA>(End)] [Client<{|SCH2016:AlsoA|}>(End)] Start, [Final] End }")]
    // SCH2017: targets
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:\"End\"|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:nameof(End)|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:1|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:(P)7|})] [Client<B>(End)] Start, [Final] End }")]
    // SCH2032: names of generated classes
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public class PClient { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } internal static class PServer { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public static class PClientExtensions { }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } public interface PServerExtensions { }")]
    [InlineData("namespace N { [Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<A>(End)] Start, [Final] End } } namespace N.PClient { public class Other { } }")]
    [InlineData("[Protocol(\"p/1\")] public enum {|SCH2032:P|} { [Client<PServer>(End)] Start, [Final] End } [Message(9)] public readonly partial record struct PServer;")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:DayOfWeek.Monday|})] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>({|SCH2017:null!|})] [Client<B>(End)] Start, [Final] End }")]
    // SCH2018 and SCH2019: messages and codes
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:string|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:int[]|}>(End)] [Client<B>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:Part|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<{|SCH2018:Part|}>] public enum P { [Client<A>(End)] Start, [Final] End }")]
    [InlineData("[VariantOf<Part>] public readonly partial record struct {|SCH2031:SpecialPart|}; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2018:SpecialPart|}>(End)] Start, [Final] End }")]
    [InlineData("[Message(256)] public readonly partial record struct Far; [Handshake(\"h/1\")] public enum P { [Client<{|SCH2019:Far|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Message(0)] public readonly partial record struct Zero; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2019:Zero|}>(End)] Start, [Final] End }")]
    [InlineData("[Message(-1)] public readonly partial record struct Less; [Handshake(\"h/1\")] public enum P { [Client<{|SCH2019:Less|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Message(1 << 30)] public readonly partial record struct Far; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2019:Far|}>(End)] Start, [Final] End }")]
    // SCH2020 to SCH2023: names, and what no generated role receives
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Begin)] Start, [Final] {|SCH2020:Begin|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Split)] Start, [Final] {|SCH2020:Split|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(PServer)] Start, [Final] {|SCH2020:PServer|} }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(@event)] Start, [Final] {|SCH2020:@event|} }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(@event)] Start, [Server<B>(Open, Authenticates = Role.Server)] {|SCH2020:@event|}, [Established] Open }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2020:As = \"Reply\"|})] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End, {|SCH2020:As = \"no name\"|})] Start, [Final] End }")]
    [InlineData("[Message(40)] public readonly partial record struct Message; [Protocol(\"p/1\")] public enum P { [Client<{|SCH2020:Message|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<H>({|SCH2020:As = \"Answer\"|})] public enum P { [Client<A>(Two)] One, [Client<A>(End)] Two, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2021:A|}>(End)] A, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2022:Other.A|}>(Start)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<{|SCH2022:B|}>(Start, As = \"A\")] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<{|SCH2023:Chunk|}>(End)] Start, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<{|SCH2023:Chunk|}>(Role.Server)] public enum P { [Client<A>(Two)] One, [Client<A>(End)] Two, [Final] End }")]
    // SCH2024: lanes
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<B>(Ending)] [Server<A>(Open)] {|SCH2024:Open|}, [Server<A>(Ending)] [Server<C>(Last)] Ending, [Server<Other.A>(End)] Last, [Final] End }")]
    // SCH2025 to SCH2031: handshakes
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] [{|SCH2025:Client<C>(Renewing)|}] Open, [Server<D>(Open)] Renewing }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [{|SCH2025,SCH2026:Established|}] [Server<A>(Open, Authenticates = Role.Server)] Start, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Open)] Next, [{|SCH2026:Established|}] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] [Client<C>(Resumed)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open, [{|SCH2026:Established|}] Resumed }")]
    [InlineData("[Handshake(\"h/1\")] public enum {|SCH2027:P|} { [Client<A>(Next)] Start, [Server<B>(Open)] Next, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next, {|SCH2028:Authenticates = Role.Server|})] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Next, {|SCH2028:Authenticates = Role.Client|})] Next, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Again)] Next, [Server<{|SCH2030:B|}>(Open, Authenticates = Role.Server)] Again, [Established] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Again, Authenticates = Role.Server)] Next, [Client<{|SCH2030:Other.A|}>(Open)] Again, [Established] Open }")]
    [InlineData("public static partial class Outer { [VariantOf<A>] public readonly partial record struct {|SCH2031:Inner|}; }")]
    [InlineData("[VariantOf<A>] public readonly record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<V>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<SpecialA>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<W>] public readonly partial record struct {|SCH2031:V|}; [VariantOf<V>] public readonly partial record struct {|SCH2031:W|};")]
    [InlineData("[VariantOf<Chunk>] public readonly partial record struct {|SCH2031:V|};")]
    [InlineData("[VariantOf<string>] public readonly partial record struct {|SCH2031:V|};")]
    public Task Finds(string source) => DeclarationTest.CheckAsync(source);

    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(End)] {|SCH2014:Start|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] [Anytime<H>] public enum P { [Client<A>(End)] {|SCH2014:Start|}, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Next)] {|SCH2014:Start|}, [Server<B>(End)] [Deadline(5)] Next, [Final] End }")]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<A>(Left)] [Server<B>(Right)] Start, [Server<B>(End)] {|SCH2014:Left|}, [Client<A>(End)] {|SCH2014:Right|}, [Final] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next, CarriesEphemeralKey = true)] Start, [Server<B>(Open, Authenticates = Role.Server, CarriesEphemeralKey = true)] [Server<C>(Open, Authenticates = Role.Server)] Next, [{|SCH2029:Established|}] Open }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server, CarriesEphemeralKey = true)] Next, [{|SCH2029:Established|}] Open }")]
    public Task Informs(string source) => DeclarationTest.CheckAsync(source, informs: true);

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
    public Task Leaves_other_declarations_alone(string source) => DeclarationTest.CheckAsync(source);

    [Fact]
    public async Task The_way_around_the_proof_is_told()
    {
        var found = Assert.Single(await DeclarationTest.CheckAsync(
            "[Handshake(\"h/1\")] public enum P { [Client<A>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Open)] Next, [{|SCH2026:Established|}] Open }"));
        Assert.EndsWith("1. client in Start sends A, goes to Next; 2. server in Next sends C, goes to Open", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Protocol(\"p/1\")] public enum P { [Client<Page>(End)] Start, [Final] End }")]
    [InlineData("[Handshake(\"h/1\")] public enum P { [Client<{|SCH2018:Page|}>(Next)] Start, [Server<B>(Open, Authenticates = Role.Server)] Next, [Established] Open }")]
    public Task A_message_that_is_coded_by_hand_travels_in_protocols_alone(string declaration) => DeclarationTest.CheckAsync(
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
