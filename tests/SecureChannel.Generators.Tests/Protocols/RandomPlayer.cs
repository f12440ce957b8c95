using System.Collections.Concurrent;
using System.Reflection;
using SecureChannel.Protocols;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>A player of a generated role, which performs random legal operations on tokens and lanes. Every operation must complete synchronously.</summary>
internal sealed class RandomPlayer
{
    private static readonly ConcurrentDictionary<(Type Type, string Name), MethodInfo[]> Known = new();

    private readonly Random _random;
    private object _place;
    private object? _receiving;
    private object? _enumerator;

    public RandomPlayer(Type role, InMemoryChannel channel, Random random) =>
        (_place, _random) = (role.GetMethod("Begin")!.Invoke(null, [channel])!, random);

    /// <summary>Gets the number of messages from the peer that are not yet received.</summary>
    public int Arriving { get; set; }

    public int Splits { get; private set; }

    /// <summary>Gets the name of the current state.</summary>
    public string State => _place.GetType().Name;

    /// <summary>Gets a value that indicates whether nothing can be sent or received.</summary>
    public bool HasEnded => Methods("SendAsync").Length == 0 && Methods("ReceiveAsync").Length == 0 && _receiving is null;

    private bool CanReceive => _receiving is not null || Methods("ReceiveAsync").Length > 0;

    /// <summary>Performs a legal operation, if there is one.</summary>
    /// <returns>True if the operation was a send; otherwise, false.</returns>
    public bool Move()
    {
        var moves = new List<Func<bool>>();
        foreach (var send in Methods("SendAsync"))
            moves.Add(() => Send(send));
        if (Arriving > 0 && (CanReceive || !HasEnded))
            moves.AddRange([Receive, Receive]);
        if (_receiving is not null)
            moves.Add(Join);
        foreach (var split in Methods("Split"))
            moves.Add(() => Split(split));
        return moves.Count > 0 && moves[_random.Next(moves.Count)]();
    }

    /// <summary>Receives all available messages and joins the lanes.</summary>
    public void Settle()
    {
        while (Arriving > 0 && !HasEnded)
            Receive();
        if (_receiving is not null)
            Join();
    }

    private static object? Result(object task)
    {
        var awaited = (Task)task.GetType().GetMethod("AsTask")!.Invoke(task, null)!;
        Assert.True(awaited.IsCompleted, "An operation that can complete is waiting.");
        awaited.GetAwaiter().GetResult();
        return awaited.GetType().GetProperty("Result")?.GetValue(awaited);
    }

    private bool Send(MethodInfo send)
    {
        var message = Activator.CreateInstance(send.GetParameters()[0].ParameterType.GetElementType()!);
        var isSelfLoop = !send.ReturnType.IsGenericType;
        var next = Result(send.Invoke(_place, [message, CancellationToken.None])!);
        if (!isSelfLoop)
            _place = next!;
        return true;
    }

    private bool Receive()
    {
        Assert.True(CanReceive, $"A message was received in {State}, which receives nothing.");
        Arriving--;
        if (_enumerator is not null)
        {
            if (!(bool)Result(_enumerator.GetType().GetMethod("MoveNextAsync")!.Invoke(_enumerator, null)!)!)
            {
                // The lane ended, so remaining messages can only cross the end of the protocol.
                Join();
                Assert.True(HasEnded, $"The lane of {State} ended before its last message.");
            }

            return false;
        }

        var reply = Result(Methods("ReceiveAsync")[0].Invoke(_place, [CancellationToken.None])!)!;
        _place = (reply.GetType().GetProperty("Next")?.GetValue(reply) ?? reply.GetType().GetField("Item2")!.GetValue(reply))!;
        return false;
    }

    private bool Split(MethodInfo split)
    {
        var lanes = split.Invoke(_place, null)!;
        _place = lanes.GetType().GetField("Item1")!.GetValue(lanes)!;
        _receiving = lanes.GetType().GetField("Item2")!.GetValue(lanes)!;
        _enumerator = _receiving.GetType().GetMethod("GetAsyncEnumerator")!.Invoke(_receiving, [CancellationToken.None])!;
        Splits++;
        return false;
    }

    private bool Join()
    {
        var joined = Methods("Join")[0].Invoke(_place, [_receiving])!;
        _place = joined.GetType().GetProperty("Next")?.GetValue(joined) ?? joined;
        (_receiving, _enumerator) = (null, null);
        return false;
    }

    private MethodInfo[] Methods(string name) =>
        Known.GetOrAdd((_place.GetType(), name), static key => [.. key.Type.GetMethods().Where(method => method.Name == key.Name)]);
}
