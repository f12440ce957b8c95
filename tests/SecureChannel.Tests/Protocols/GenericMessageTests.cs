using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>One page of the requested items.</summary>
[Message(2)]
public readonly partial record struct Sheet<T>([property: ByteLength(0, 4000)] List<T> Items, bool IsLast)
    where T : IMessage<T>;

[Message(1)] public readonly partial record struct ReadShelf(uint Page);
[Message(3)] public readonly partial record struct ReadAuthors(uint Page);
[Message] public readonly partial record struct Book([property: ByteLength(1, 80)] string Title);
[Message] public readonly partial record struct Author([property: ByteLength(1, 80)] string Name, ushort Born);

/// <summary>A protocol that reads a library page by page. Pages of books and of authors are one generic message.</summary>
[Protocol("library/1")]
internal enum Library
{
    [Client<ReadShelf>(ReadingBooks)]
    [Client<ReadAuthors>(ReadingAuthors)]
    [Client<Goodbye>(Closed)]
    Open,

    [Server<Sheet<Book>>(Open)]
    ReadingBooks,

    [Server<Sheet<Author>>(Open)]
    [Server<Goodbye>(Closed)]
    ReadingAuthors,

    [Final]
    Closed,
}

/// <summary>A declaration that uses a generic message with two type arguments.</summary>
public sealed class GenericMessageTests
{
    public static IEnumerable<TheoryDataRow<string>> Securities => Combinations.Securities;

    [Fact]
    public async Task A_fake_peer_answers_with_either_type_of_a_generic_message()
    {
        var (client, server) = InMemoryChannel.CreatePair(
            new InMemoryChannelOptions { ClientProtocols = [LibraryClient.Name], ServerProtocols = [LibraryServer.Name] });
        var reading = await LibraryClient.Begin(client).SendAsync(new ReadShelf(4));

        var asked = Assert.IsType<LibraryServer.Open.ReadShelf>(await LibraryServer.Begin(server).ReceiveAsync());
        Assert.Equal(4u, asked.Message.Page);
        var resting = await asked.Next.SendAsync(new Sheet<Book>([new("Emma"), new("Middlemarch")], IsLast: true));
        var (books, open) = await reading.ReceiveAsync();
        Assert.Equal(["Emma", "Middlemarch"], books.Items.Select(book => book.Title));
        Assert.True(books.IsLast);

        var authors = await open.SendAsync(new ReadAuthors(1));
        var second = Assert.IsType<LibraryServer.Open.ReadAuthors>(await resting.ReceiveAsync());
        _ = await second.Next.SendAsync(new Sheet<Author>([new("Austen", 1775)], IsLast: false));
        var page = Assert.IsType<LibraryClient.ReadingAuthors.SheetOfAuthor>(await authors.ReceiveAsync());
        Assert.Equal(new Author("Austen", 1775), Assert.Single(page.Message.Items));
    }

    [Fact]
    public async Task A_generic_message_with_malformed_elements_fails_the_session()
    {
        var (client, server) = InMemoryChannel.CreatePair(
            new InMemoryChannelOptions { ClientProtocols = [LibraryClient.Name], ServerProtocols = [LibraryServer.Name] });
        var reading = await LibraryClient.Begin(client).SendAsync(new ReadAuthors(1));
        // A list of two bytes: a name of one letter, without a year.
        server.SendBytes([2, 5, 0, 2, 1, 0x61, 0]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await reading.ReceiveAsync());

        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (failure.Error.Kind, failure.Error.Alert));
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Generic_messages_are_sent_over_sessions(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var serving = new Librarian().RunAsync(pair.Server, TestContext.Current.CancellationToken);
        var open = LibraryClient.Begin(pair.Client);
        var titles = new List<string>();
        for (var (page, isLast) = (0u, false); !isLast; page++)
        {
            (var sheet, open) = await open.SendAsync(new ReadShelf(page)).ReceiveAsync();
            titles.AddRange(sheet.Items.Select(book => book.Title));
            isLast = sheet.IsLast;
        }

        var authors = Assert.IsType<LibraryClient.ReadingAuthors.SheetOfAuthor>(await open.SendAsync(new ReadAuthors(0)).ReceiveAsync());
        await authors.Next.SendAsync(new Goodbye());
        await serving;

        Assert.Equal(["volume 0", "volume 1", "volume 2"], titles);
        Assert.Equal(["author of page 0"], authors.Message.Items.Select(author => author.Name));
    }

    private sealed class Librarian : LibraryServer.Handler
    {
        protected override ValueTask<LibraryServer.ReadingBooks.Answer> OnReadShelfAsync(ReadShelf readShelf, LibraryServer.ReadingBooks state) =>
            new(new Sheet<Book>([new($"volume {readShelf.Page}")], IsLast: readShelf.Page == 2));

        protected override ValueTask<LibraryServer.ReadingAuthors.Answer> OnReadAuthorsAsync(ReadAuthors readAuthors, LibraryServer.ReadingAuthors state) =>
            new(new Sheet<Author>([new($"author of page {readAuthors.Page}", 1900)], IsLast: true));

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, LibraryServer.Closed state) => default;
    }
}
