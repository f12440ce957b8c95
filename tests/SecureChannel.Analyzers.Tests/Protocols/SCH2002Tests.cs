namespace SecureChannel.Analyzers.Tests.Protocols;

public sealed class SCH2002Tests
{
    [Fact]
    public Task Reports_a_crossing_when_each_role_keeps_its_own_proposal() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Mine)|}] [Server<B>(Yours)] Idle,
            [Server<B>(Mine)] [Server<D>(End)] Mine,
            [Client<A>(Yours)] [Client<C>(End)] Yours,
            [Final] End,
        }
        """,
        "1. client in Idle sends A, goes to Mine; 2. server in Idle sends B, goes to Yours; 3. client in Mine receives B, goes to Mine; 4. server in Yours receives A, goes to Yours; 5. the client is in Mine and the server in Yours, with no message in transit");

    [Fact]
    public Task Reports_a_crossing_when_a_message_undoes_a_rename_at_one_role_only() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Renamed)|}] [Server<B>(Talking)] [Client<Goodbye>(Leaving)] Talking,
            [Server<B>(Talking)] Renamed,
            [Server<B>(Leaving)] [Server<Goodbye>(Closed)] Leaving,
            [Final] Closed,
        }
        """,
        "1. client in Talking sends A, goes to Renamed; 2. server in Talking sends B, goes to Talking; 3. client in Renamed receives B, goes to Talking; 4. server in Talking receives A, goes to Renamed; 5. the client is in Talking and the server in Renamed, with no message in transit");

    [Fact]
    public Task Reports_a_crossing_when_both_roles_make_their_first_turn() => CrossingTest.CheckAsync(
        """
        [Protocol("p/1")] public enum P
        {
            [{|SCH2002:Client<A>(Server)|}] [Server<A>(Client)] Start,
            [Server<A>(Client)] [Server<Goodbye>(End)] Server,
            [Client<A>(Server)] [Client<Goodbye>(End)] Client,
            [Final] End,
        }
        """,
        "1. client in Start sends A, goes to Server; 2. server in Start sends A, goes to Client; 3. client in Server receives A, goes to Client; 4. server in Client receives A, goes to Server; 5. the client is in Client and the server in Server, with no message in transit");

    [Fact]
    public Task Reports_a_crossing_when_a_commit_crosses_an_abort() => CrossingTest.CheckAsync(
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
        "9. the client is in Committed and the server in Aborted, with no message in transit");
}
