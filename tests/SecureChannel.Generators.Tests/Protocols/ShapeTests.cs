namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>Protocols of other shapes than the bank's.</summary>
public sealed class ShapeTests
{
    private const string Header = """
        using System;
        using System.Threading.Tasks;
        using SecureChannel;
        using SecureChannel.Protocols;
        namespace Example;
        [Message(1)] internal readonly partial record struct Ping(int Number);
        [Message(2)] internal sealed partial record Pong(string Text);
        [Message(3)] internal readonly ref partial struct Chunk { public Chunk(ReadOnlySpan<byte> bytes) => Bytes = bytes; public ReadOnlySpan<byte> Bytes { get; } }

        """;

    [Fact]
    public void A_server_that_sends_first_does_so_in_OnBegin()
    {
        var compiled = new Compiled(Header + """
            [Protocol("p/1")] internal enum P { [Server<Pong>(Asked)] Start, [Client<Ping>(End)] Asked, [Final] End }
            internal sealed class Service : PServer.Handler
            {
                protected override ValueTask<PServer.Start.Answer> OnBeginAsync(PServer.Start state) => new(new Pong("welcome"));
                protected override ValueTask OnPingAsync(Ping ping, PServer.End state) => default;
            }
            """);

        Assert.Empty(compiled.Errors);
    }

    [Fact]
    public void An_answer_of_several_messages_is_sent_by_tokens_and_returns_the_final_state()
    {
        var compiled = new Compiled(Header + """
            [Protocol("p/1")] internal enum P { [Client<Ping>(First)] Start, [Server<Pong>(Second)] First, [Server<Pong>(Start)] Second }
            internal sealed class Service : PServer.Handler
            {
                protected override async ValueTask<PServer.First.Answer> OnPingAsync(Ping ping, PServer.First state) =>
                    await state.SendAsync(new Pong("one")).SendAsync(new Pong("two"));
            }
            """);

        Assert.Empty(compiled.Errors);
        var tooEarly = new Compiled(Header + """
            [Protocol("p/1")] internal enum P { [Client<Ping>(First)] Start, [Server<Pong>(Second)] First, [Server<Pong>(Start)] Second }
            internal sealed class Service : PServer.Handler
            {
                protected override ValueTask<PServer.First.Answer> OnPingAsync(Ping ping, PServer.First state) => new(new Pong("one"));
            }
            """);
        Assert.NotEmpty(tooEarly.Errors);
    }

    [Fact]
    public void A_ref_struct_message_can_be_sent_but_its_receiver_is_not_emitted()
    {
        var compiled = new Compiled(Header + """
            [Protocol("p/1")] internal enum P { [Client<Chunk>(Start)] [Client<Ping>(End)] Start, [Final] End }
            internal static class Use
            {
                public static ValueTask RunAsync(MessageChannel channel) => PClient.Begin(channel).SendAsync(new Chunk([1, 2, 3]));
            }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("Example.PClient.g.cs", compiled.FileNames);
        Assert.DoesNotContain("Example.PServer.g.cs", compiled.FileNames);
    }

    [Fact]
    public void A_role_that_must_always_send_has_tokens_but_no_handler()
    {
        var compiled = new Compiled(Header + """[Protocol("p/1")] internal enum P { [Client<Ping>(Start)] Start }""");

        Assert.Empty(compiled.Errors);
        Assert.DoesNotContain("class Handler", compiled.TextOf("Example.PClient.g.cs"));
        Assert.Contains("class Handler", compiled.TextOf("Example.PServer.g.cs"));
    }

    [Fact]
    public void Generic_messages_are_documented_with_their_arguments()
    {
        var compiled = new Compiled("""
            using SecureChannel;
            using SecureChannel.Messages;
            namespace Example;
            internal readonly struct Page<T> : ICodedMessage<Page<T>>
            {
                public static int Code => 7;
                public static bool TryRead(scoped ref WireReader reader, out Page<T> message) { message = default; return true; }
                public static int GetSize(scoped in Page<T> message) => 0;
                public static void Write(scoped ref WireWriter writer, scoped in Page<T> message) { }
            }
            [Protocol("p/1")] internal enum P { [Client<Page<int>>(End)] [Client<Page<string>>(End)] Start, [Final] End }
            """);

        Assert.Empty(compiled.Problems);
        Assert.Contains("Sends <c>Page&lt;int&gt;</c> and transitions to", compiled.TextOf("Example.PClient.g.cs"));
    }

    [Theory]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<string>(End)] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Nothing>(End)] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Ping>()] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Ping>("End")] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Ping>(End)] [Client<Ping>(Start)] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Ping>(End)] Start = 4, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { }""")]
    [InlineData("""[Protocol] internal enum P { [Client<Ping>(End)] Start, [Final] End }""")]
    [InlineData("""[Protocol("p/1")] internal class P;""")]
    [InlineData("""internal class Outer { [Protocol("p/1")] internal enum P { [Client<Ping>(End)] Start, [Final] End } }""")]
    [InlineData("""[Protocol("p/1")] internal enum P { [Client<Ping>(""")]
    public void An_invalid_or_incomplete_declaration_does_not_break_the_generator(string declaration)
    {
        var compiled = new Compiled(Header + declaration);

        Assert.All(compiled.Driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        Assert.DoesNotContain(compiled.Errors, error => error.Contains(".g.cs"));
    }
}
