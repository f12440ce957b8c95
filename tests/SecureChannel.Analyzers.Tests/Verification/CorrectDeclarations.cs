namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>Correct declarations, including borderline cases: no rule reports more than information about them.</summary>
internal static class CorrectDeclarations
{
    /// <summary>Gets the declarations by their names.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["TLS 1.3"] = """
            [Message(1)] public readonly partial record struct ClientHello; [Message(2)] public readonly partial record struct ServerHello; [Message(4)] public readonly partial record struct NewSessionTicket;
            [Message(5)] public readonly partial record struct EndOfEarlyData; [Message(8)] public readonly partial record struct EncryptedExtensions; [Message(11)] public readonly partial record struct Certificate;
            [Message(13)] public readonly partial record struct CertificateRequest; [Message(15)] public readonly partial record struct CertificateVerify; [Message(20)] public readonly partial record struct Finished;
            [Message(24)] public readonly partial record struct KeyUpdate;
            [VariantOf<ServerHello>] public readonly partial record struct HelloRetryRequest; [VariantOf<ServerHello>] public readonly partial record struct PskServerHello;
            [VariantOf<EncryptedExtensions>] public readonly partial record struct EarlyDataAccepted; [VariantOf<Certificate>] public readonly partial record struct NoCertificate;
            [Handshake("tls/1.3")] public enum Tls13
            {
                [Client<ClientHello>(ClientHelloSent, CarriesEphemeralKey = true)] Start,
                [Server<HelloRetryRequest>(RetryRequested)] [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)] [Server<PskServerHello>(NegotiatedPsk, CarriesEphemeralKey = true, Authenticates = Role.Server)] ClientHelloSent,
                [Client<ClientHello>(ClientHelloRepeated, CarriesEphemeralKey = true)] RetryRequested,
                [Server<ServerHello>(Negotiated, CarriesEphemeralKey = true)] [Server<PskServerHello>(NegotiatedPsk, CarriesEphemeralKey = true, Authenticates = Role.Server)] ClientHelloRepeated,
                [Server<EncryptedExtensions>(ServerAuthenticating)] Negotiated,
                [Server<CertificateRequest>(ServerAuthenticatingBoth)] [Server<Certificate>(ServerCertified)] ServerAuthenticating,
                [Server<CertificateVerify>(ServerFinishing, Authenticates = Role.Server)] ServerCertified,
                [Server<Finished>(ClientFinishing)] ServerFinishing,
                [Server<Certificate>(ServerCertifiedBoth)] ServerAuthenticatingBoth,
                [Server<CertificateVerify>(ServerFinishingBoth, Authenticates = Role.Server)] ServerCertifiedBoth,
                [Server<Finished>(ClientAuthenticating)] ServerFinishingBoth,
                [Client<Certificate>(ClientCertified)] [Client<NoCertificate>(ClientFinishing)] ClientAuthenticating,
                [Client<CertificateVerify>(ClientFinishing, Authenticates = Role.Client)] ClientCertified,
                [Server<EncryptedExtensions>(ServerFinishing)] [Server<EarlyDataAccepted>(ServerFinishingEarly)] NegotiatedPsk,
                [Server<Finished>(EarlyDataEnding)] ServerFinishingEarly,
                [Client<EndOfEarlyData>(ClientFinishing)] EarlyDataEnding,
                [Client<Finished>(Connected)] ClientFinishing,
                [Established] [Server<NewSessionTicket>(Connected)] [Client<KeyUpdate>(Connected)] [Server<KeyUpdate>(Connected)] Connected,
            }
            """,
        ["the textbook's key transport"] = """
            [Handshake("key-transport/1")] public enum KeyTransport
            {
                [Client<A>(Requested)] Start,
                [Server<B>(Delivering)] Requested,
                [Client<C>(Confirming)] Delivering,
                [Client<D>(Acknowledging)] Confirming,
                [Server<E>(Secured, Authenticates = Role.Server)] Acknowledging,
                [Established] Secured,
            }
            """,
        ["a bank"] = """
            [Protocol("bank/1")] public enum Bank
            {
                [Client<A>(Authenticating)] Start,
                [Server<B>(Ready)] [Server<C>(Closed)] Authenticating,
                [Client<D>(Answering)] [Client<Goodbye>(Closed)] Ready,
                [Server<E>(Ready)] Answering,
                [Final] Closed,
            }
            """,
        ["a bank that pushes rates"] = """
            [Protocol("bank/1")] public enum Bank
            {
                [Client<A>(Ready)] Start,
                [Client<D>(Answering)] [Server<H>(Ready)] [Client<Goodbye>(Closing)] Ready,
                [Server<E>(Ready)] [Server<H>(Answering)] Answering,
                [Server<H>(Closing)] [Server<Goodbye>(Closed)] Closing,
                [Final] Closed,
            }
            """,
        ["a chat"] = """
            [Protocol("chat/1")] public enum Chat
            {
                [Client<A>(Talking)] Start,
                [Client<Say>(Talking)] [Server<Say>(Talking)] [Client<Goodbye>(ClientLeft)] [Server<Goodbye>(ServerLeft)] Talking,
                [Server<Say>(ClientLeft)] [Server<Goodbye>(Closed)] ClientLeft,
                [Client<Say>(ServerLeft)] [Client<Goodbye>(Closed)] ServerLeft,
                [Final] Closed,
            }
            """,
        ["both close at once"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(ClientClosed)] [Server<A>(ServerClosed)] Open, [Server<A>(Closed)] ClientClosed, [Client<A>(Closed)] ServerClosed, [Final] Closed }",
        ["a cancellation that the server confirms"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(Working)] [Client<Goodbye>(Closed)] Idle,
                [Client<B>(Cancelling)] [Server<C>(Done)] Working,
                // The result can already be in transit.
                [Server<C>(Cancelled)] [Server<D>(Idle)] Cancelling,
                [Client<B>(Cancelled)] [Client<E>(Idle)] Done,
                [Server<D>(Idle)] Cancelled,
                [Final] Closed,
            }
            """,
        ["an unsubscription that the server confirms"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(Subscribed)] [Client<Goodbye>(Closed)] Idle,
                [Server<C>(Subscribed)] [Client<B>(Unsubscribing)] Subscribed,
                [Server<C>(Unsubscribing)] [Server<D>(Idle)] Unsubscribing,
                [Final] Closed,
            }
            """,
        ["proposals of which the client's wins"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(ClientProposed)] [Server<B>(ServerProposed)] Idle,
                [Server<B>(ClientProposed)] [Server<C>(Agreed)] ClientProposed,
                [Client<A>(ClientProposed)] [Client<D>(Agreed)] ServerProposed,
                [Final] Agreed,
            }
            """,
        ["two messages of each end in any order"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(S10)] [Server<C>(S01)] S00, [Client<B>(S20)] [Server<C>(S11)] S10, [Server<C>(S21)] S20,
                [Client<A>(S11)] [Server<D>(S02)] S01, [Client<B>(S21)] [Server<D>(S12)] S11, [Server<D>(S22)] S21,
                [Client<A>(S12)] S02, [Client<B>(S22)] S12, [Final] S22,
            }
            """,
        ["the same message in both directions, with different ends"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Left)] [Server<A>(Right)] Start, [Server<A>(End)] Left, [Client<A>(End)] Right, [Final] End }",
        ["both may say it again and again"] = "[Protocol(\"p/1\")] public enum P { [Client<Say>(Talking)] [Server<Say>(Talking)] [Client<A>(Ending)] Talking, [Server<Say>(Ending)] [Server<B>(End)] Ending, [Final] End }",
        ["a heartbeat at any time"] = """
            [Protocol("p/1")] [Anytime<H>] public enum P
            {
                [Client<A>(Asked)] [Client<Goodbye>(End)] Idle,
                [Server<B>(Idle)] Asked,
                [Final] End,
            }
            """,
        ["a heartbeat of one end at any time"] = "[Protocol(\"p/1\")] [Anytime<H>(Role.Server)] public enum P { [Client<A>(Next)] Start, [Client<B>(End)] Next, [Final] End }",
        ["a message of any time in all states that it may cross"] = "[Protocol(\"p/1\")] public enum P { [Anytime<H>(Role.Server)] [Client<A>(Next)] Start, [Server<H>(Next)] [Server<B>(End)] Next, [Final] End }",
        ["a message of any time in the one state that is left for the end"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Open)] Start, [Anytime<H>(Role.Server)] [Client<Goodbye>(End)] Open, [Final] End }",
        ["messages of any time of both ends in the one state that is left for the end"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(Asked)] Start,
                [Server<B>(Open)] [Server<C>(End)] Asked,
                [Anytime<H>] [Anytime<D>(Role.Client)] [Anytime<E>(Role.Server)] [Client<Goodbye>(End)] Open,
                [Final] End,
            }
            """,
        ["any time on a member and on the enum, with several ends"] = """
            [Protocol("p/1")] [Anytime<H>] public enum P
            {
                [Client<A>(Open)] Start,
                [Anytime<E>(Role.Server)] [Client<Goodbye>(Left)] [Client<B>(Failed)] Open,
                [Final] Left,
                [Final] Failed,
            }
            """,
        ["any time, and both may send besides"] = """
            [Protocol("p/1")] [Anytime<H>(As = "Beat")] public enum P
            {
                [Client<Say>(Talking)] [Server<Say>(Talking)] [Client<A>(Ending)] Talking,
                [Server<Say>(Ending)] [Server<B>(End)] Ending,
                [Final] End,
            }
            """,
        ["variants of one message"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(One)] [Client<SpecialA>(Two)] Start, [Server<B>(End)] One, [Server<C>(End)] Two, [Final] End }",
        ["variants that cross"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(One)] [Client<SpecialA>(Two)] [Server<B>(Three)] Start,
                [Server<B>(Four)] One, [Server<B>(Five)] Two, [Client<A>(Four)] [Client<SpecialA>(Five)] Three,
                [Server<C>(End)] Four, [Server<D>(End)] Five, [Final] End,
            }
            """,
        ["one message in many states"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(One)] Start, [Server<A>(Two)] One, [Client<A>(Three)] Two, [Server<A>(End)] Three, [Final] End }",
        ["a server that speaks first"] = "[Protocol(\"p/1\")] public enum P { [Server<A>(Greeted)] Start, [Client<B>(End)] Greeted, [Final] End }",
        ["several ends"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Won)] [Client<B>(Lost)] Start, [Final] Won, [Final] Lost }",
        ["a protocol that ends as it begins"] = "[Protocol(\"p/1\")] public enum P { [Final] Start }",
        ["a loop that is left"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Two)] One, [Server<B>(Three)] Two, [Client<C>(One)] [Client<D>(End)] Three, [Final] End }",
        ["two messages of one name, told apart"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(End)] [Client<Other.A>(End, As = \"OtherA\")] Start, [Final] End }",
        ["one code in different directions"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Left)] [Server<AlsoA>(Right)] Start, [Server<AlsoA>(End)] Left, [Client<A>(End)] Right, [Final] End }",
        ["one code in different states"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Next)] Start, [Client<AlsoA>(End)] Next, [Final] End }",
        ["a wait with a deadline"] = "[Protocol(\"p/1\")] public enum P { [Client<A>(Asked)] [Deadline(30)] Start, [Server<B>(End)] [Deadline(0.5)] Asked, [Final] End }",
        ["an upgrade that waits for the last data of before"] = """
            [Protocol("p/1")] public enum P
            {
                [Client<A>(Plain)] Start,
                [Client<B>(Upgrading)] [Server<C>(Plain)] Plain,
                [Server<C>(Upgrading)] [Server<D>(Upgraded)] Upgrading,
                [Server<E>(Upgraded)] [Client<F>(Upgraded)] [Server<Goodbye>(Ended)] Upgraded,
                [Client<F>(Ended)] [Client<Goodbye>(End)] Ended,
                [Final] End,
            }
            """,
        ["a handshake with two established states"] = """
            [Handshake("h/1")] public enum P
            {
                [Client<A>(Sent, CarriesEphemeralKey = true)] Start,
                [Server<B>(Open, Authenticates = Role.Server, CarriesEphemeralKey = true)] Sent,
                [Established] [Client<C>(Renewing)] [Server<D>(Open)] Open,
                [Established] [Server<D>(Renewing)] [Server<E>(Open)] Renewing,
            }
            """,
        ["states and messages of global names"] = "[SecureChannel.ProtocolAttribute(\"p/1\")] public enum P { [global::SecureChannel.ClientAttribute<global::A>(P.End)] Start, [SecureChannel.FinalAttribute] End }",
        ["an enum of bytes"] = "[Protocol(\"p/1\")] public enum P : byte { [Client<A>(End)] Start, [Final] End }",
        ["the longest name"] = $"[Protocol(\"{new string('p', 253)}/1\")] public enum P {{ [Client<A>(End)] Start, [Final] End }}",
    };
}
