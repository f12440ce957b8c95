using System.Globalization;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>Runs a trace on a declaration with queues and checks that it ends as it says.</summary>
internal static class Replay
{
    /// <summary>Gets the problem of a trace, or null if it has none.</summary>
    public static string? Run(SampleDeclaration declaration, Crossing crossing, Trace trace)
    {
        var at = new Dictionary<RoleModel, int> { [RoleModel.Client] = 0, [RoleModel.Server] = 0 };
        var sent = new Dictionary<RoleModel, Queue<string>> { [RoleModel.Client] = new(), [RoleModel.Server] = new() };
        foreach (var step in trace.Steps)
        {
            var sender = step.Sends ? step.Role : Other(step.Role);
            if (at[step.Role] != step.From)
                return $"{step} does not start in the current state";
            if (declaration.Receive(step.From, sender == RoleModel.Client ? Role.Client : Role.Server, int.Parse(step.Label.AsSpan(1), CultureInfo.InvariantCulture)) != step.Next)
                return $"{step} is not a transition";
            if (step.Sends)
                sent[sender].Enqueue(step.Label);
            else if (!sent[sender].TryDequeue(out var label) || label != step.Label)
                return $"{step} does not receive the first message of the queue";
            at[step.Role] = step.Next;
        }

        return crossing switch
        {
            Crossing.NotReceived arrival when at[arrival.Message.Receiver] != arrival.At => "the receiver is elsewhere",
            Crossing.NotReceived arrival when sent[arrival.Message.Sender].FirstOrDefault() != arrival.Message.Label => "the message is not the next to arrive",
            Crossing.Diverged when sent.Values.Any(queue => queue.Count > 0) => "something is on its way",
            Crossing.Diverged parted when at[RoleModel.Client] != parted.ClientEnd || at[RoleModel.Server] != parted.ServerEnd || parted.ClientEnd == parted.ServerEnd => "the roles have not parted",
            _ => null,
        };
    }

    /// <summary>Gets the maximum number of messages in transit in one direction during a trace, including its last message.</summary>
    public static int MostInTransit(Trace trace)
    {
        var onTheWay = new Dictionary<RoleModel, int> { [RoleModel.Client] = 0, [RoleModel.Server] = 0 };
        var most = 0;
        foreach (var step in trace.Steps)
        {
            var sender = step.Sends ? step.Role : Other(step.Role);
            most = Math.Max(most, onTheWay[sender] += step.Sends ? 1 : -1);
        }

        return most;
    }

    private static RoleModel Other(RoleModel role) => role == RoleModel.Client ? RoleModel.Server : RoleModel.Client;
}
