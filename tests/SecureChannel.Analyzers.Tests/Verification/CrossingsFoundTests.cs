using System.Globalization;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>Declarations with states in which both ends may send, each wrong: what is found, on which attribute, and by which run.</summary>
public sealed class CrossingsFoundTests
{
    [Fact]
    public Task Both_close_at_once() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<Goodbye>(Closed)|}]
            [{|SCH2001:Server<Goodbye>(Closed)|}]
            Open,
            [Final] Closed,
        }
        """,
        "1. server in Open sends Goodbye, goes to Closed; 2. client in Open sends Goodbye, goes to Closed; 3. Goodbye arrives at the server in Closed, where nothing receives it",
        "1. client in Open sends Goodbye, goes to Closed; 2. server in Open sends Goodbye, goes to Closed; 3. Goodbye arrives at the client in Closed, where nothing receives it");

    [Fact]
    public Task A_cancellation_crosses_the_result() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Working)]
            [Client<Goodbye>(Closed)]
            Idle,
            // A requests, B cancels, C is the result.
            [{|SCH2001:Client<B>(Idle)|}]
            [{|SCH2001:Server<C>(Idle)|}]
            Working,
            [Final] Closed,
        }
        """,
        "3. server in Working sends C, goes to Idle; 4. client in Working sends B, goes to Idle; 5. B arrives at the server in Idle, where nothing receives it",
        "1. client in Idle sends A, goes to Working; 2. client in Working sends B, goes to Idle; 3. server in Idle receives A, goes to Working; 4. server in Working sends C, goes to Idle; 5. C arrives at the client in Idle, where nothing receives it");

    [Fact]
    public Task An_unsubscription_crosses_an_event() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Subscribed)]
            [Client<Goodbye>(Closed)]
            Idle,
            [{|SCH2001:Server<C>(Subscribed)|}]
            [Client<B>(Idle)]
            Subscribed,
            [Final] Closed,
        }
        """,
        "1. client in Idle sends A, goes to Subscribed; 2. client in Subscribed sends B, goes to Idle; 3. server in Idle receives A, goes to Subscribed; 4. server in Subscribed sends C, goes to Subscribed; 5. C arrives at the client in Idle, where nothing receives it");

    [Fact]
    public Task A_second_subscription_crosses_an_event() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            // A subscribes to one, B to both; C is an event.
            [Client<A>(One)] Start,
            [{|SCH2001:Server<C>(One)|}]
            [Client<B>(Confirming)]
            One,
            [Server<D>(Both)] Confirming,
            [Server<C>(Both)] [Client<Goodbye>(Ending)] Both,
            [Server<C>(Ending)] [Server<Goodbye>(Closed)] Ending,
            [Final] Closed,
        }
        """,
        "1. client in Start sends A, goes to One; 2. client in One sends B, goes to Confirming; 3. server in Start receives A, goes to One; 4. server in One sends C, goes to One; 5. C arrives at the client in Confirming, where nothing receives it");

    [Fact]
    public Task A_bank_pushes_rates() => CheckAsync(
        """
        [Message(11)] public readonly partial record struct Login; [Message(14)] public readonly partial record struct BalanceQuery;
        [Message(15)] public readonly partial record struct Balance; [Message(16)] public readonly partial record struct RateChanged;
        [Protocol("p/1")] public enum P
        {
            [Client<Login>(Ready)]
            Start,
            [Client<BalanceQuery>(Answering)]
            [{|SCH2001,SCH2001:Server<RateChanged>(Ready)|}]
            [Client<Goodbye>(Closed)]
            Ready,
            [Server<Balance>(Ready)]
            Answering,
            [Final] Closed,
        }
        """,
        "1. client in Start sends Login, goes to Ready; 2. client in Ready sends BalanceQuery, goes to Answering; 3. server in Start receives Login, goes to Ready; 4. server in Ready sends RateChanged, goes to Ready; 5. RateChanged arrives at the client in Answering, where nothing receives it",
        "1. client in Start sends Login, goes to Ready; 2. client in Ready sends Goodbye, goes to Closed; 3. server in Start receives Login, goes to Ready; 4. server in Ready sends RateChanged, goes to Ready; 5. RateChanged arrives at the client in Closed, where nothing receives it");

    [Fact]
    public Task A_naive_chat() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<Say>(Talking)|}]
            [{|SCH2001:Server<Say>(Talking)|}]
            [{|SCH2001:Client<Goodbye>(Closed)|}]
            [{|SCH2001:Server<Goodbye>(Closed)|}]
            Talking,
            [Final] Closed,
        }
        """,
        "3. Say arrives at the server in Closed, where nothing receives it",
        "3. Say arrives at the client in Closed, where nothing receives it",
        "3. Goodbye arrives at the server in Closed, where nothing receives it",
        "3. Goodbye arrives at the client in Closed, where nothing receives it");

    [Fact]
    public Task A_chat_whose_server_may_not_talk_on_after_the_client_has_left() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<Say>(Talking)]
            [{|SCH2001:Server<Say>(Talking)|}]
            [Client<Goodbye>(ClientLeft)]
            [Server<Goodbye>(ServerLeft)]
            Talking,
            [Server<Goodbye>(Closed)] ClientLeft,
            [Client<Say>(ServerLeft)] [Client<Goodbye>(Closed)] ServerLeft,
            [Final] Closed,
        }
        """,
        "1. client in Talking sends Goodbye, goes to ClientLeft; 2. server in Talking sends Say, goes to Talking; 3. Say arrives at the client in ClientLeft, where nothing receives it");

    [Fact]
    public Task A_state_that_receives_the_same_message_of_the_wrong_end() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Left)] [{|SCH2001:Server<B>(Right)|}] Start,
            [Client<B>(End)] Left,
            [Client<A>(End)] Right,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Left; 2. server in Start sends B, goes to Right; 3. B arrives at the client in Left, where nothing receives it");

    [Fact]
    public Task A_state_that_receives_another_message_of_the_same_code() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<A>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<AlsoA>(End)] Right,
            [Final] End,
        }
        """,
        "1. server in Start sends B, goes to Right; 2. client in Start sends A, goes to Left; 3. A arrives at the server in Right, where nothing receives it");

    [Fact]
    public Task A_state_that_receives_a_variant_of_the_message() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<A>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<SpecialA>(End)] Right,
            [Final] End,
        }
        """,
        "3. A arrives at the server in Right, where nothing receives it");

    [Fact]
    public Task A_variant_that_only_its_message_would_be_received_for() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<SpecialA>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<A>(End)] Right,
            [Final] End,
        }
        """,
        "3. SpecialA arrives at the server in Right, where nothing receives it");

    [Fact]
    public Task Both_propose_at_once() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            // A and B propose, C and D accept.
            [{|SCH2001:Client<A>(Proposed)|}] [{|SCH2001:Server<B>(Asked)|}] Idle,
            [Server<D>(Agreed)] Proposed,
            [Client<C>(Agreed)] Asked,
            [Final] Agreed,
        }
        """,
        "3. A arrives at the server in Asked, where nothing receives it",
        "3. B arrives at the client in Proposed, where nothing receives it");

    [Fact]
    public Task Each_end_believes_its_own_proposal() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Mine)|}] [Server<B>(Yours)] Idle,
            [Server<B>(Mine)] [Server<D>(End)] Mine,
            [Client<A>(Yours)] [Client<C>(End)] Yours,
            [Final] End,
        }
        """,
        "1. client in Idle sends A, goes to Mine; 2. server in Idle sends B, goes to Yours; 3. client in Mine receives B, goes to Mine; 4. server in Yours receives A, goes to Yours; 5. the client is in Mine, the server in Yours, and nothing is on its way");

    [Fact]
    public Task A_rename_that_a_message_undoes_at_one_end_alone() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Renamed)|}] [Server<B>(Talking)] [Client<Goodbye>(Leaving)] Talking,
            [Server<B>(Talking)] Renamed,
            [Server<B>(Leaving)] [Server<Goodbye>(Closed)] Leaving,
            [Final] Closed,
        }
        """,
        "1. client in Talking sends A, goes to Renamed; 2. server in Talking sends B, goes to Talking; 3. client in Renamed receives B, goes to Talking; 4. server in Talking receives A, goes to Renamed; 5. the client is in Talking, the server in Renamed, and nothing is on its way");

    [Fact]
    public Task An_upgrade_crosses_data_of_before() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Plain)] Start,
            [Client<B>(Upgraded)] [{|SCH2001:Server<C>(Plain)|}] Plain,
            [Server<D>(Upgraded)] [Server<Goodbye>(End)] Upgraded,
            [Final] End,
        }
        """,
        "5. C arrives at the client in Upgraded, where nothing receives it");

    [Fact]
    public Task A_pause_crosses_a_chunk() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Sending)] Start,
            // B pauses, A resumes, C is a piece, D the last one.
            [{|SCH2001:Client<B>(Paused)|}] [{|SCH2001:Server<C>(Sending)|}] [{|SCH2001:Server<D>(Done)|}] Sending,
            [Client<A>(Sending)] Paused,
            [Final] Done,
        }
        """,
        "5. B arrives at the server in Done, where nothing receives it",
        "5. C arrives at the client in Paused, where nothing receives it",
        "5. D arrives at the client in Paused, where nothing receives it");

    [Fact]
    public Task A_message_to_a_client_that_is_two_messages_ahead() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(First)] [Server<E>(Start)] Start,
            [Client<B>(Second)] [{|SCH2001:Server<E>(First)|}] First,
            [Client<C>(End)] Second,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to First; 2. client in First sends B, goes to Second; 3. server in Start sends E, goes to Start; 4. E arrives at the client in Second, where nothing receives it");

    [Fact]
    public Task Both_play_their_first_move() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Server)|}] [Server<A>(Client)] Start,
            [Server<A>(Client)] [Server<Goodbye>(End)] Server,
            [Client<A>(Server)] [Client<Goodbye>(End)] Client,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Server; 2. server in Start sends A, goes to Client; 3. client in Server receives A, goes to Client; 4. server in Client receives A, goes to Server; 5. the client is in Client, the server in Server, and nothing is on its way");

    [Fact]
    public Task A_heartbeat_that_one_state_forgets() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Server<H>(Idle)] [Client<A>(Asked)] [Client<Goodbye>(Leaving)] Idle,
            [{|SCH2001:Server<H>(Asked)|}] [Server<B>(Idle)] [{|SCH2001:Client<C>(Confirming)|}] Asked,
            [Server<B>(Idle)] [Server<D>(Idle)] Confirming,
            [Server<H>(Leaving)] [Server<Goodbye>(End)] Leaving,
            [Final] End,
        }
        """,
        "1. client in Idle sends A, goes to Asked; 2. client in Asked sends C, goes to Confirming; 3. server in Idle sends H, goes to Idle; 4. H arrives at the client in Confirming, where nothing receives it",
        "1. client in Idle sends A, goes to Asked; 2. server in Idle receives A, goes to Asked; 3. server in Asked sends B, goes to Idle; 4. client in Asked sends C, goes to Confirming; 5. C arrives at the server in Idle, where nothing receives it");

    [Fact]
    public Task A_lock_is_asked_for_while_it_is_revoked() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Held)] [Client<Goodbye>(End)] Free,
            // B releases, C revokes.
            [{|SCH2001:Client<B>(Free)|}] [{|SCH2001:Server<C>(Free)|}] Held,
            [Final] End,
        }
        """,
        "1. client in Free sends A, goes to Held; 2. server in Free receives A, goes to Held; 3. server in Held sends C, goes to Free; 4. client in Held sends B, goes to Free; 5. B arrives at the server in Free, where nothing receives it",
        "1. client in Free sends A, goes to Held; 2. client in Held sends B, goes to Free; 3. server in Free receives A, goes to Held; 4. server in Held sends C, goes to Free; 5. C arrives at the client in Free, where nothing receives it");

    [Fact]
    public Task A_commit_crosses_an_abort() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Prepared)] Start,
            [Client<H>(Waiting)] Prepared,
            [{|SCH2002:Client<B>(Committed)|}] [Server<C>(Aborted)] Waiting,
            [Server<C>(Committed)] [Server<D>(End)] Committed,
            [Client<B>(Aborted)] [Client<E>(End)] Aborted,
            [Final] End,
        }
        """,
        "9. the client is in Committed, the server in Aborted, and nothing is on its way");

    [Fact]
    public Task A_window_that_is_opened_after_the_last_byte() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Server<A>(Streaming)] [{|SCH2001:Client<B>(Streaming)|}] [Server<C>(Done)] Streaming,
            [Client<D>(End)] Done,
            [Final] End,
        }
        """,
        "1. server in Streaming sends C, goes to Done; 2. client in Streaming sends B, goes to Streaming; 3. B arrives at the server in Done, where nothing receives it");

    [Fact]
    public Task A_message_of_any_time_in_one_state_only() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(Next)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Next; 2. server in Start sends H, goes to Start; 3. H arrives at the client in Next, where nothing receives it");

    [Fact]
    public Task A_message_of_any_time_of_both_ends_in_one_state_only() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>|}] [Client<A>(Next)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "3. H arrives at the client in Next, where nothing receives it");

    [Fact]
    public Task A_message_of_any_time_in_one_state_that_is_left_for_another_and_for_the_end() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(Next)] [Client<Goodbye>(End)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Next; 2. server in Start sends H, goes to Start; 3. H arrives at the client in Next, where nothing receives it");

    [Fact]
    public Task A_message_of_any_time_that_is_part_of_the_order_elsewhere_does_not_cross_the_end() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Server<H>(Open)] Start,
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(End)] Open,
            [Final] End,
        }
        """,
        "3. client in Open sends A, goes to End; 4. server in Open sends H, goes to Open; 5. H arrives at the client in End, where nothing receives it");

    [Fact]
    public Task A_handshake_that_asks_again_while_the_other_goes_on() => CheckAsync(
        """
        [Handshake("h/1")] public enum P
        {
            [Client<A>(Sent)] Start,
            [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Retry)] [{|SCH2001,SCH2001:Client<D>(Sent)|}] Sent,
            [Client<A>(Sent)] Retry,
            [Established] Open,
        }
        """,
        "D arrives at the server in Open, where nothing receives it",
        "D arrives at the server in Retry, where nothing receives it");

    [Fact]
    public Task A_renegotiation_in_an_established_session() => CheckAsync(
        """
        [Handshake("h/1")] public enum P
        {
            [Client<A>(Sent)] Start,
            [Server<B>(Open, Authenticates = Role.Server)] Sent,
            [Established] [Client<C>(Renewing)] [{|SCH2001:Server<D>(Open)|}] Open,
            [Established] [Server<E>(Open)] Renewing,
        }
        """,
        "D arrives at the client in Renewing, where nothing receives it");

    [Fact]
    public Task A_fault_behind_a_state_in_which_all_is_right() => CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(ClientSaid)] [Server<B>(ServerSaid)] Start,
            [Server<B>(Both)] ClientSaid,
            [Client<A>(Both)] ServerSaid,
            [{|SCH2001:Client<C>(End)|}] [{|SCH2001:Server<D>(End)|}] Both,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to ClientSaid; 2. server in Start receives A, goes to ClientSaid; 3. server in ClientSaid sends B, goes to Both; 4. server in Both sends D, goes to End; 5. client in ClientSaid receives B, goes to Both; 6. client in Both sends C, goes to End; 7. C arrives at the server in End, where nothing receives it",
        "1. client in Start sends A, goes to ClientSaid; 2. server in Start receives A, goes to ClientSaid; 3. server in ClientSaid sends B, goes to Both; 4. client in ClientSaid receives B, goes to Both; 5. client in Both sends C, goes to End; 6. server in Both sends D, goes to End; 7. D arrives at the client in End, where nothing receives it");

    // Each trace is a part of one message, in any order of the messages.
    private static async Task CheckAsync(string source, params string[] traces)
    {
        var found = await DeclarationTest.CheckAsync(source);
        Assert.All(found, diagnostic => Assert.Contains(diagnostic.Id, new[] { "SCH2001", "SCH2002" }));
        Assert.True(traces.Length == found.Count, $"{found.Count} findings: {string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture)))}");
        Assert.All(traces, trace => Assert.Contains(found, diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).Contains(trace, StringComparison.Ordinal)));
    }
}
