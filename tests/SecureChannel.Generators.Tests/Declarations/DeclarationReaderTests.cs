using Microsoft.CodeAnalysis;
using SecureChannel.Generators.Tests.Protocols;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Tests.Declarations;

public sealed class DeclarationReaderTests
{
    private const string Header = """
        using SecureChannel;
        [Message(1)] internal readonly partial record struct Ping;
        [Message(2)] internal readonly partial record struct Stop;
        [Message(3)] internal readonly partial record struct Item;
        """;

    [Fact]
    public void A_message_tells_its_type()
    {
        var model = Read("""[Protocol("p/1")] internal enum P { [Client<Ping>(End)] Start, [Final] End }""");

        Assert.Equal("global::Ping", model[0].Transitions[0].Message.ToString());
        Assert.Contains("global::Ping", model[0].Transitions[0].ToString());
    }

    [Fact]
    public void What_may_be_sent_at_any_time_loops_in_every_state_that_is_not_final()
    {
        var model = Read("""[Protocol("p/2")] [Anytime<Ping>] internal enum P { [Client<Item>(Middle)] Start, [Server<Stop>(End)] Middle, [Final] End }""");

        Assert.Equal(["Client Item 1", "Client Ping 0 anytime", "Server Ping 0 anytime"], Describe(model[0]));
        Assert.Equal(["Server Stop 2", "Client Ping 1 anytime", "Server Ping 1 anytime"], Describe(model[1]));
        Assert.Empty(model[2].Transitions);
        Assert.Equal([true, true, false], model.States.Select(state => state.IsDuplex));
    }

    [Fact]
    public void What_one_role_may_send_at_any_time_arrives_only_at_the_other()
    {
        var model = Read("""[Protocol("p/2")] [Anytime<Ping>(Role.Server, As = "Probe")] internal enum P { [Client<Stop>(End)] Start, [Final] End }""");

        Assert.Equal(["Client Stop 1", "Server Ping 0 anytime"], Describe(model[0]));
        Assert.Equal("Probe", model[0].Transitions[1].Label);
    }

    [Fact]
    public void On_a_member_it_loops_there_alone()
    {
        var model = Read("""[Protocol("p/2")] internal enum P { [Client<Item>(Middle)] Start, [Anytime<Ping>(Role.Client)] [Server<Stop>(End)] Middle, [Final] End }""");

        Assert.Single(model[0].Transitions);
        Assert.Equal(["Server Stop 2", "Client Ping 1 anytime"], Describe(model[1]));
    }

    [Theory]
    [InlineData("30", 30.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e9", null)]
    public void A_deadline_is_in_seconds_and_within_what_a_timer_can_count(string seconds, double? expected)
    {
        var model = Read($$"""[Protocol("p/2")] internal enum P { [Deadline({{seconds}})] [Client<Stop>(End)] Start, [Final] End }""");

        Assert.Equal(expected, model[0].Deadline);
        Assert.Null(model[1].Deadline);
    }

    [Theory]
    [InlineData("bank/2", 2)]
    [InlineData("bank/beta/12", 12)]
    [InlineData("mqtt", null)]
    [InlineData("2", null)]
    [InlineData("bank/2b", null)]
    public void The_version_follows_the_last_slash_of_the_name(string name, int? version) =>
        Assert.Equal(version, Read($$"""[Protocol("{{name}}")] internal enum P { [Client<Stop>(End)] Start, [Final] End }""").Version);

    [Fact]
    public void Two_readings_of_one_declaration_are_equal_and_one_of_another_is_not()
    {
        const string Text = """[Protocol("p/2")] [Anytime<Ping>] internal enum P { [Deadline(3)] [Client<Stop>(End)] Start, [Final] End }""";

        Assert.Equal(Read(Text), Read(Text));
        Assert.NotEqual(Read(Text), Read(Text.Replace("Deadline(3)", "Deadline(4)")));
        Assert.NotEqual(Read(Text), Read(Text.Replace("[Anytime<Ping>]", "[Anytime<Ping>(Role.Client)]")));
    }

    private static IEnumerable<string> Describe(StateModel state) => state.Transitions.Select(transition =>
        $"{transition.Sender} {transition.Message.Name} {transition.Next}{(transition.IsAnytime ? " anytime" : "")}");

    private static DeclarationModel Read(string declaration)
    {
        var type = Compiled.CreateCompilation(Header + declaration).GetTypeByMetadataName("P")!;
        var attribute = type.GetAttributes().Single(found => found.AttributeClass!.Name == "ProtocolAttribute");
        return DeclarationReader.Read(type, attribute, TestContext.Current.CancellationToken)!;
    }
}
