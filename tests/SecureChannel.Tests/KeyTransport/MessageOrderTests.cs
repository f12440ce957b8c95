using System.Reflection;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using Declaration = SecureChannel.KeyTransport.KeyTransport;

namespace SecureChannel.Tests.KeyTransport;

public sealed class MessageOrderTests
{
    private static readonly RecordFormat Format = SessionSecurity.KeyTransport.Handshake!.Records;

    private static readonly (string State, Role Sender, string Message, string Next)[] Transitions =
    [
        .. from state in typeof(Declaration).GetFields(BindingFlags.Public | BindingFlags.Static)
           from attribute in state.GetCustomAttributes<TransitionAttribute>()
           let type = attribute.GetType()
           let sender = type.GetGenericTypeDefinition() == typeof(ClientAttribute<>) ? Role.Client : Role.Server
           select (state.Name, sender, type.GetGenericArguments()[0].Name, attribute.Next.ToString()!),
    ];

    private static readonly Dictionary<string, byte[]> Messages = Record();

    public static TheoryData<Role, string, string> IllegalPairs()
    {
        var pairs = new TheoryData<Role, string, string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var state in RestingStates(role))
            {
                foreach (var message in Messages.Keys.Where(message => !Transitions.Any(transition => transition.State == state && transition.Sender != role && transition.Message == message)))
                    pairs.Add(role, state, message);
            }
        }

        return pairs;
    }

    [Fact]
    public void The_declaration_has_five_messages_and_each_endpoint_waits_in_every_state_in_which_the_peer_sends()
    {
        Assert.Equal(5, Messages.Count);
        Assert.Equal(["Requested", "Acknowledging", "Secured"], RestingStates(Role.Client));
        Assert.Equal(["Start", "Delivering", "Confirming", "Secured"], RestingStates(Role.Server));
        Assert.Equal((7 * 5) - 5, IllegalPairs().Count);
    }

    [Theory]
    [MemberData(nameof(IllegalPairs))]
    public void An_illegal_message_is_rejected_with_unexpected_message(Role role, string state, string message)
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        DriveTo(pair, role, state);
        var (end, peer) = (pair[role], pair[1 - role]);

        HandshakeWire.WriterOf(peer).Write(Format.Handshake, Messages[message], peer.Output);
        pair.Carry(1 - role);

        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (end.Error!.Kind, end.Error.Alert));
        Assert.StartsWith($"{message} was received in state '{state}', which expects ", end.Error.Message, StringComparison.Ordinal);
        pair.Carry(role);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnexpectedMessage), (peer.Error!.Kind, peer.Error.Alert));
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.Server)]
    public void A_message_with_an_unknown_code_is_rejected_in_every_state(Role role)
    {
        foreach (var state in RestingStates(role))
        {
            using var pair = KeyTransportEnds.CreatePair().Start();
            DriveTo(pair, role, state);
            HandshakeWire.WriterOf(pair[1 - role]).Write(Format.Handshake, [77, 0, 0, 0], pair[1 - role].Output);
            pair.Carry(1 - role);
            Assert.Equal(AlertDescription.UnexpectedMessage, pair[role].Error!.Alert);
        }
    }

    private static string[] RestingStates(Role role) =>
        [.. Enum.GetNames<Declaration>().Where(state => !Transitions.Any(transition => transition.State == state && transition.Sender == role))];

    private static Dictionary<string, byte[]> Record()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();
        var frames = HandshakeWire.Messages([.. pair.Sent[Role.Client]]).Concat(HandshakeWire.Messages([.. pair.Sent[Role.Server]])).OrderBy(frame => frame[0]);
        return Transitions.Select(transition => transition.Message).Zip(frames).ToDictionary(item => item.First, item => item.Second);
    }

    private static void DriveTo(EnginePair pair, Role role, string state)
    {
        if (state == "Secured")
        {
            pair.Run();
            return;
        }

        for (var from = Role.Client; StateOf(pair, role) != state; from = 1 - from)
        {
            foreach (var message in HandshakeWire.Messages(pair[from].TakeOutput()))
            {
                pair[1 - from].Deliver(HandshakeWire.Record(Format, Format.Handshake, message), pair.Now);
                if (StateOf(pair, role) == state)
                    break;
            }
        }

        pair.Client.TakeOutput();
        pair.Server.TakeOutput();
    }

    private static string StateOf(EnginePair pair, Role role) => pair.Steps.LastOrDefault(step => step.Role == role)?.State ?? "Start";
}
