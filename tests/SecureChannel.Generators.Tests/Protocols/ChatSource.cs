namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>A chat with states in which both roles may send, as source text.</summary>
internal static class ChatSource
{
    public const string Text = """
        using SecureChannel;

        namespace Example;

        /// <summary>Introduces the client.</summary>
        /// <param name="Name">The name of the client.</param>
        [Message(1)] public readonly partial record struct Join([property: ByteLength(1, 40)] string Name);
        /// <summary>Contains a line of text.</summary>
        /// <param name="Text">The text.</param>
        [Message(2)] public readonly partial record struct Say([property: ByteLength(1, 2000)] string Text);
        /// <summary>Ends the sender's direction.</summary>
        [Message(3)] public readonly partial record struct Leave;

        /// <summary>Both roles send lines of text until both have left.</summary>
        [Protocol("chat/1")]
        public enum Chat
        {
            /// <summary>The client introduces itself.</summary>
            [Client<Join>(Talking)]
            Start,

            /// <summary>Both roles talk.</summary>
            [Client<Say>(Talking)]
            [Server<Say>(Talking)]
            [Client<Leave>(ClientLeft)]
            [Server<Leave>(ServerLeft)]
            Talking,

            /// <summary>The client has left.</summary>
            [Server<Say>(ClientLeft)]
            [Server<Leave>(Closed)]
            ClientLeft,

            /// <summary>The server has left.</summary>
            [Client<Say>(ServerLeft)]
            [Client<Leave>(Closed)]
            ServerLeft,

            /// <summary>Both have left.</summary>
            [Final]
            Closed,
        }
        """;
}
