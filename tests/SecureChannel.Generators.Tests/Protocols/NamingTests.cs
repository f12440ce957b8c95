namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>User-defined names that must not collide with names in generated code.</summary>
public sealed class NamingTests
{
    private const string Header = "using SecureChannel;\n";

    [Fact]
    public void User_types_may_have_the_names_of_library_types()
    {
        var compiled = new Compiled(Header + """
            namespace Game;
            internal sealed class StateCursor; internal sealed class Role; internal sealed class Task; internal sealed class ValueTask; internal sealed class IncomingMessage;
            [Message(1)] internal readonly partial record struct Move(int Square);
            [Protocol("game/1")] internal enum Chess { [Client<Move>(Black)] White, [Server<Move>(White)] Black }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("Game.ChessClient.g.cs", compiled.FileNames);
    }

    [Fact]
    public void A_state_may_have_the_name_of_a_message_that_leads_to_it()
    {
        var compiled = new Compiled(Header + """
            namespace Example;
            [Message(1)] internal readonly partial record struct Open;
            [Message(2)] internal readonly partial record struct Ready;
            [Message(3)] internal readonly partial record struct Busy;
            [Protocol("p/1")] internal enum P { [Client<Open>(Opening)] Start, [Server<Ready>(Ready)] [Server<Busy>(Busy)] Opening, [Client<Open>(Opening)] Ready, [Final] Busy }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("Example.PServer.g.cs", compiled.FileNames);
    }

    [Fact]
    public void As_distinguishes_two_messages_with_one_simple_name()
    {
        var compiled = new Compiled(Header + """
            namespace One { [Message(1)] internal readonly partial record struct Done; }
            namespace Two { [Message(2)] internal readonly partial record struct Done; }
            namespace Example
            {
                [Protocol("p/1")] internal enum P { [Client<One.Done>(End)] [Client<Two.Done>(Start, As = "DoneForNow")] Start, [Final] End }
                internal sealed class Service : PServer.Handler
                {
                    protected override System.Threading.Tasks.ValueTask OnDoneAsync(One.Done done, PServer.End state) => default;
                    protected override System.Threading.Tasks.ValueTask OnDoneForNowAsync(Two.Done doneForNow, PServer.Start state) => default;
                }
            }
            """);

        Assert.Empty(compiled.Errors);
    }

    [Fact]
    public void Two_messages_with_one_simple_name_require_As_at_the_receiver()
    {
        var compiled = new Compiled(Header + """
            namespace One { [Message(1)] internal readonly partial record struct Done; }
            namespace Two { [Message(2)] internal readonly partial record struct Done; }
            namespace Example { [Protocol("p/1")] internal enum P { [Client<One.Done>(End)] [Client<Two.Done>(Start)] Start, [Final] End } }
            """);

        Assert.DoesNotContain("Example.PServer.g.cs", compiled.FileNames);
    }

    [Theory]
    [InlineData("Begin")]
    [InlineData("Handler")]
    [InlineData("Reply")]
    [InlineData("Answer")]
    [InlineData("Split")]
    public void A_state_with_a_reserved_name_emits_nothing(string name)
    {
        var compiled = new Compiled(Header + $$"""
            namespace Example;
            [Message(1)] internal readonly partial record struct Ping;
            [Protocol("p/1")] internal enum P { [Client<Ping>({{name}})] Start, [Final] {{name}} }
            """);

        Assert.DoesNotContain(compiled.FileNames, file => file.Contains("PClient"));
    }

    [Fact]
    public void Messages_whose_lower_case_names_are_keywords_compile()
    {
        var compiled = new Compiled(Header + """
            namespace Example;
            [Message(1)] internal readonly partial record struct New;
            [Message(2)] internal readonly partial record struct Await;
            [Message(3)] internal readonly partial record struct State;
            [Message(4)] internal readonly partial record struct Arrival;
            [Protocol("p/1")] internal enum P { [Client<New>(Start)] [Client<Await>(Start)] [Client<State>(Start, As = "Reported")] [Client<Example.Arrival>(Start)] Start }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("Example.PServer.g.cs", compiled.FileNames);
    }

    [Fact]
    public void A_protocol_in_the_global_namespace_compiles()
    {
        var compiled = new Compiled(Header + """
            [Message(1)] internal readonly partial record struct Ping;
            [Protocol("p/1")] internal enum P { [Client<Ping>(End)] Start, [Final] End }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("PClient.g.cs", compiled.FileNames);
    }

    [Fact]
    public void A_public_protocol_of_internal_messages_is_internal()
    {
        var compiled = new Compiled(Header + """
            namespace Example;
            [Message(1)] internal readonly partial record struct Ping;
            /// <summary>Pings.</summary>
            [Protocol("p/1")] public enum P
            {
                /// <summary>Before.</summary>
                [Client<Ping>(End)] Start,
                /// <summary>After.</summary>
                [Final] End
            }
            """);

        Assert.Empty(compiled.Errors);
        Assert.Contains("internal static class PClient", compiled.TextOf("Example.PClient.g.cs"));
    }
}
