namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2001Tests
{
    [Fact]
    public Task Reports_a_crossing_when_both_roles_close_at_once() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<Goodbye>(Closed)|}]
            [{|SCH2001:Server<Goodbye>(Closed)|}]
            Open,
            [Final] Closed,
        }
        """,
        "1. server in Open sends Goodbye, goes to Closed; 2. client in Open sends Goodbye, goes to Closed; 3. Goodbye arrives at the server in Closed, which does not receive it",
        "1. client in Open sends Goodbye, goes to Closed; 2. server in Open sends Goodbye, goes to Closed; 3. Goodbye arrives at the client in Closed, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_cancellation_crosses_the_result() => CrossingTest.CheckAsync(
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
        "3. server in Working sends C, goes to Idle; 4. client in Working sends B, goes to Idle; 5. B arrives at the server in Idle, which does not receive it",
        "1. client in Idle sends A, goes to Working; 2. client in Working sends B, goes to Idle; 3. server in Idle receives A, goes to Working; 4. server in Working sends C, goes to Idle; 5. C arrives at the client in Idle, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_an_unsubscription_crosses_an_event() => CrossingTest.CheckAsync(
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
        "1. client in Idle sends A, goes to Subscribed; 2. client in Subscribed sends B, goes to Idle; 3. server in Idle receives A, goes to Subscribed; 4. server in Subscribed sends C, goes to Subscribed; 5. C arrives at the client in Idle, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_second_subscription_crosses_an_event() => CrossingTest.CheckAsync(
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
        "1. client in Start sends A, goes to One; 2. client in One sends B, goes to Confirming; 3. server in Start receives A, goes to One; 4. server in One sends C, goes to One; 5. C arrives at the client in Confirming, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_server_pushes_rates() => CrossingTest.CheckAsync(
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
        "1. client in Start sends Login, goes to Ready; 2. client in Ready sends BalanceQuery, goes to Answering; 3. server in Start receives Login, goes to Ready; 4. server in Ready sends RateChanged, goes to Ready; 5. RateChanged arrives at the client in Answering, which does not receive it",
        "1. client in Start sends Login, goes to Ready; 2. client in Ready sends Goodbye, goes to Closed; 3. server in Start receives Login, goes to Ready; 4. server in Ready sends RateChanged, goes to Ready; 5. RateChanged arrives at the client in Closed, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_both_roles_of_a_chat_leave_at_once() => CrossingTest.CheckAsync(
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
        "3. Say arrives at the server in Closed, which does not receive it",
        "3. Say arrives at the client in Closed, which does not receive it",
        "3. Goodbye arrives at the server in Closed, which does not receive it",
        "3. Goodbye arrives at the client in Closed, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_server_cannot_send_after_the_client_has_left() => CrossingTest.CheckAsync(
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
        "1. client in Talking sends Goodbye, goes to ClientLeft; 2. server in Talking sends Say, goes to Talking; 3. Say arrives at the client in ClientLeft, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_state_receives_the_same_message_of_the_wrong_role() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Left)] [{|SCH2001:Server<B>(Right)|}] Start,
            [Client<B>(End)] Left,
            [Client<A>(End)] Right,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Left; 2. server in Start sends B, goes to Right; 3. B arrives at the client in Left, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_state_receives_another_message_with_the_same_code() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<A>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<AlsoA>(End)] Right,
            [Final] End,
        }
        """,
        "1. server in Start sends B, goes to Right; 2. client in Start sends A, goes to Left; 3. A arrives at the server in Right, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_state_receives_a_variant_of_the_message() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<A>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<SpecialA>(End)] Right,
            [Final] End,
        }
        """,
        "3. A arrives at the server in Right, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_state_receives_only_the_message_of_a_variant() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Client<SpecialA>(Left)|}] [Server<B>(Right)] Start,
            [Server<B>(End)] Left,
            [Client<A>(End)] Right,
            [Final] End,
        }
        """,
        "3. SpecialA arrives at the server in Right, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_both_roles_propose_at_once() => CrossingTest.CheckAsync(
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
        "3. A arrives at the server in Asked, which does not receive it",
        "3. B arrives at the client in Proposed, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_an_upgrade_crosses_earlier_data() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Plain)] Start,
            [Client<B>(Upgraded)] [{|SCH2001:Server<C>(Plain)|}] Plain,
            [Server<D>(Upgraded)] [Server<Goodbye>(End)] Upgraded,
            [Final] End,
        }
        """,
        "5. C arrives at the client in Upgraded, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_pause_crosses_a_chunk() => CrossingTest.CheckAsync(
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
        "5. B arrives at the server in Done, which does not receive it",
        "5. C arrives at the client in Paused, which does not receive it",
        "5. D arrives at the client in Paused, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_client_is_two_messages_ahead() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(First)] [Server<E>(Start)] Start,
            [Client<B>(Second)] [{|SCH2001:Server<E>(First)|}] First,
            [Client<C>(End)] Second,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to First; 2. client in First sends B, goes to Second; 3. server in Start sends E, goes to Start; 4. E arrives at the client in Second, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_one_state_does_not_receive_a_heartbeat() => CrossingTest.CheckAsync(
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
        "1. client in Idle sends A, goes to Asked; 2. client in Asked sends C, goes to Confirming; 3. server in Idle sends H, goes to Idle; 4. H arrives at the client in Confirming, which does not receive it",
        "1. client in Idle sends A, goes to Asked; 2. server in Idle receives A, goes to Asked; 3. server in Asked sends B, goes to Idle; 4. client in Asked sends C, goes to Confirming; 5. C arrives at the server in Idle, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_lock_is_requested_while_it_is_revoked() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Client<A>(Held)] [Client<Goodbye>(End)] Free,
            // B releases, C revokes.
            [{|SCH2001:Client<B>(Free)|}] [{|SCH2001:Server<C>(Free)|}] Held,
            [Final] End,
        }
        """,
        "1. client in Free sends A, goes to Held; 2. server in Free receives A, goes to Held; 3. server in Held sends C, goes to Free; 4. client in Held sends B, goes to Free; 5. B arrives at the server in Free, which does not receive it",
        "1. client in Free sends A, goes to Held; 2. client in Held sends B, goes to Free; 3. server in Free receives A, goes to Held; 4. server in Held sends C, goes to Free; 5. C arrives at the client in Free, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_window_opens_after_the_last_byte() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Server<A>(Streaming)] [{|SCH2001:Client<B>(Streaming)|}] [Server<C>(Done)] Streaming,
            [Client<D>(End)] Done,
            [Final] End,
        }
        """,
        "1. server in Streaming sends C, goes to Done; 2. client in Streaming sends B, goes to Streaming; 3. B arrives at the server in Done, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_an_anytime_message_is_declared_in_one_state_only() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(Next)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Next; 2. server in Start sends H, goes to Start; 3. H arrives at the client in Next, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_an_anytime_message_of_both_roles_is_declared_in_one_state_only() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>|}] [Client<A>(Next)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "3. H arrives at the client in Next, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_the_only_state_with_an_anytime_message_leads_to_another_state_and_to_the_end() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(Next)] [Client<Goodbye>(End)] Start,
            [Server<B>(End)] Next,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Next; 2. server in Start sends H, goes to Start; 3. H arrives at the client in Next, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_an_anytime_message_that_is_also_an_ordinary_transition_crosses_the_end() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [Server<H>(Open)] Start,
            [{|SCH2001:Anytime<H>(Role.Server)|}] [Client<A>(End)] Open,
            [Final] End,
        }
        """,
        "3. client in Open sends A, goes to End; 4. server in Open sends H, goes to Open; 5. H arrives at the client in End, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_handshake_retries_while_the_peer_continues() => CrossingTest.CheckAsync(
        """
        [Handshake("h/1")] public enum P
        {
            [Client<A>(Sent)] Start,
            [Server<B>(Open, Authenticates = Role.Server)] [Server<C>(Retry)] [{|SCH2001,SCH2001:Client<D>(Sent)|}] Sent,
            [Client<A>(Sent)] Retry,
            [Established] Open,
        }
        """,
        "D arrives at the server in Open, which does not receive it",
        "D arrives at the server in Retry, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_renegotiation_crosses_data_of_an_established_session() => CrossingTest.CheckAsync(
        """
        [Handshake("h/1")] public enum P
        {
            [Client<A>(Sent)] Start,
            [Server<B>(Open, Authenticates = Role.Server)] Sent,
            [Established] [Client<C>(Renewing)] [{|SCH2001:Server<D>(Open)|}] Open,
            [Established] [Server<E>(Open)] Renewing,
        }
        """,
        "D arrives at the client in Renewing, which does not receive it");

    [Fact]
    public Task Reports_a_crossing_when_a_failure_follows_a_correct_duplex_state() => CrossingTest.CheckAsync(
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
        "1. client in Start sends A, goes to ClientSaid; 2. server in Start receives A, goes to ClientSaid; 3. server in ClientSaid sends B, goes to Both; 4. server in Both sends D, goes to End; 5. client in ClientSaid receives B, goes to Both; 6. client in Both sends C, goes to End; 7. C arrives at the server in End, which does not receive it",
        "1. client in Start sends A, goes to ClientSaid; 2. server in Start receives A, goes to ClientSaid; 3. server in ClientSaid sends B, goes to Both; 4. client in ClientSaid receives B, goes to Both; 5. client in Both sends C, goes to End; 6. server in Both sends D, goes to End; 7. D arrives at the client in End, which does not receive it");
}
