using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH2001AddTransitionTests
{
    [Fact]
    public Task Adds_a_transition_for_a_message_in_transit() => CheckAsync(
        """
        [Protocol("p/1")]
        public enum P
        {
            [Client<A>(Answering)]
            [[|Server<C>(Ready)|]]
            [Client<D>(Closing)]
            Ready,

            /// <summary>The answer comes.</summary>
            [Server<B>(Ready)]
            Answering,

            [Server<C>(Closing)]
            [Server<D>(Closed)]
            Closing,

            [Final]
            Closed,
        }
        """,
        """
        [Protocol("p/1")]
        public enum P
        {
            [Client<A>(Answering)]
            [Server<C>(Ready)]
            [Client<D>(Closing)]
            Ready,

            /// <summary>The answer comes.</summary>
            [Server<B>(Ready)]
            [Server<C>(Answering)]
            Answering,

            [Server<C>(Closing)]
            [Server<D>(Closed)]
            Closing,

            [Final]
            Closed,
        }
        """);

    [Fact]
    public Task Adds_all_transitions_of_a_repair() => CheckAsync(
        """
        [Protocol("p/1")]
        public enum P
        {
            [Client<A>(First)]
            [[|Server<E>(Ready)|]]
            Ready,

            [Client<B>(Second)]
            First,

            [Client<C>(Closing)]
            Second,

            [Server<E>(Closing)]
            [Server<D>(End)]
            Closing,

            [Final]
            End,
        }
        """,
        """
        [Protocol("p/1")]
        public enum P
        {
            [Client<A>(First)]
            [Server<E>(Ready)]
            Ready,

            [Client<B>(Second)]
            [Server<E>(First)]
            First,

            [Client<C>(Closing)]
            [Server<E>(Second)]
            Second,

            [Server<E>(Closing)]
            [Server<D>(End)]
            Closing,

            [Final]
            End,
        }
        """);

    [Theory]
    [InlineData(0, "[Server<B>(Proposed)]", "[Client<A>(Proposed)]")]
    [InlineData(1, "[Server<B>(Asked)]", "[Client<A>(Asked)]")]
    public Task Offers_a_choice_of_precedence_when_neither_message_is_received(int index, string proposed, string asked) => CheckAsync(
        """
        [Protocol("p/1")]
        public enum P
        {
            [[|Client<A>(Proposed)|]]
            [[|Server<B>(Asked)|]]
            Idle,

            [Server<D>(End)]
            Proposed,

            [Client<C>(End)]
            Asked,

            [Final]
            End,
        }
        """,
        $$"""
        [Protocol("p/1")]
        public enum P
        {
            [Client<A>(Proposed)]
            [Server<B>(Asked)]
            Idle,

            [Server<D>(End)]
            {{proposed}}
            Proposed,

            [Client<C>(End)]
            {{asked}}
            Asked,

            [Final]
            End,
        }
        """,
        index);

    [Fact]
    public Task Preserves_the_format_of_the_declaration() => CheckAsync(
        """
        [Protocol("p/1")] public enum P { [Client<A>(P.Two)] [[|SecureChannel.ServerAttribute<C>(P.One, As = "See")|]] One, [Server<B>(P.End)] Two, [Final] End }
        """,
        """
        [Protocol("p/1")] public enum P { [Client<A>(P.Two)] [SecureChannel.ServerAttribute<C>(P.One, As = "See")] One, [Server<B>(P.End)] [SecureChannel.ServerAttribute<C>(P.Two, As = "See")] Two, [Final] End }
        """);

    [Fact]
    public async Task Offers_no_fix_when_a_final_state_would_have_to_receive()
    {
        const string Declaration = """
            [Protocol("p/1")]
            public enum P
            {
                [[|Client<A>(End)|]]
                [[|Server<A>(End)|]]
                Start,

                [Final]
                End,
            }
            """;
        await DeclarationFixTest.CheckAsync<SCH2001MessageNotReceived, SCH2001AddTransition>(Declaration, Declaration, steps: 0);
    }

    private static Task CheckAsync(string source, string expected, int index = 0) =>
        DeclarationFixTest.CheckAsync<SCH2001MessageNotReceived, SCH2001AddTransition>(source, expected, index);
}
