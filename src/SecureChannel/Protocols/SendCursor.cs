using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>What every generated sending lane implements.</summary>
/// <typeparam name="TSelf">The lane.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISendLane<TSelf>
    where TSelf : struct, ISendLane<TSelf>
{
    /// <summary>The state that this role's own moves alone have led to.</summary>
    static abstract ProtocolState State { get; }

    /// <summary>Makes the lane.</summary>
    /// <param name="turn">The place in the run.</param>
    static abstract TSelf At(SendCursor turn);
}

/// <summary>A place in the sending lane of a run: what generated lanes consist of and call. One send at a time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SendCursor
{
    private readonly SplitRun? _lanes;
    private readonly long _version;

    internal SendCursor(SplitRun lanes, long version) => (_lanes, _version) = (lanes, version);

    /// <summary>Sends a message and goes on.</summary>
    /// <typeparam name="TLane">The lane before it.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="TNext">The lane after it.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels; the lane stays valid then.</param>
    /// <exception cref="InvalidOperationException">The lane is not valid.</exception>
    public ValueTask<TNext> SendAsync<TLane, TMessage, TNext>(scoped in TMessage message, CancellationToken cancellationToken)
        where TLane : struct, ISendLane<TLane>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
        where TNext : struct, ISendLane<TNext>
    {
        var sending = StartSend<TLane, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_lanes!, sending);
        sending.GetAwaiter().GetResult();
        return new ValueTask<TNext>(TNext.At(new SendCursor(_lanes!, _lanes!.EndSend(stays: false))));

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<TNext> FinishAsync(SplitRun lanes, ValueTask sending)
        {
            await AwaitOrUndoAsync<TLane>(lanes, sending).ConfigureAwait(false);
            return TNext.At(new SendCursor(lanes, lanes.EndSend(stays: false)));
        }
    }

    /// <summary>Sends a message that leads back to the lane's own state: the lane stays valid.</summary>
    /// <typeparam name="TLane">The lane.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidOperationException">The lane is not valid.</exception>
    public ValueTask SendAsync<TLane, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TLane : struct, ISendLane<TLane>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var sending = StartSend<TLane, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_lanes!, sending);
        sending.GetAwaiter().GetResult();
        _lanes!.EndSend(stays: true);
        return ValueTask.CompletedTask;

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        static async ValueTask FinishAsync(SplitRun lanes, ValueTask sending)
        {
            await AwaitOrUndoAsync<TLane>(lanes, sending).ConfigureAwait(false);
            lanes.EndSend(stays: true);
        }
    }

    /// <summary>Joins the two lanes of one split.</summary>
    /// <typeparam name="TLane">The sending lane.</typeparam>
    /// <param name="receiving">The receiving lane, on which no receive is under way.</param>
    /// <returns>Where the run is.</returns>
    /// <exception cref="InvalidOperationException">The lanes are not of one split, or one of them is in use.</exception>
    public StateCursor Join<TLane>(ReceiveLane receiving)
        where TLane : struct, ISendLane<TLane>
    {
        ArgumentNullException.ThrowIfNull(receiving);
        if (_lanes is null)
            throw RefuseDefault<TLane>("joining");
        if (!ReferenceEquals(receiving.Lanes, _lanes))
            throw new InvalidOperationException($"{TLane.State.Subject}: the lanes are not of one Split, so they cannot be joined.");
        return _lanes.Join(_version, TLane.State);
    }

    private static InvalidOperationException RefuseDefault<TLane>(string what)
        where TLane : struct, ISendLane<TLane> =>
        new($"{TLane.State.Subject}: {what} is not possible with a default lane, which belongs to no run. Take it from Split or from the lane's last send.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitOrUndoAsync<TLane>(SplitRun lanes, ValueTask sending)
        where TLane : struct, ISendLane<TLane>
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch
        {
            lanes.UndoSend(TLane.State);
            throw;
        }
    }

    private ValueTask StartSend<TLane, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TLane : struct, ISendLane<TLane>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        if (_lanes is null)
            throw RefuseDefault<TLane>($"sending {typeof(TMessage).Name}");
        if (!_lanes.BeginSend(_version, TLane.State, typeof(TMessage)))
            return default;
        try
        {
            return _lanes.Channel.SendAsync(message, cancellationToken);
        }
        catch
        {
            _lanes.UndoSend(TLane.State);
            throw;
        }
    }
}
