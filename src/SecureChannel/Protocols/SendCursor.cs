using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>The interface of every generated sending lane.</summary>
/// <typeparam name="TSelf">The type of the lane.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISendLane<TSelf>
    where TSelf : struct, ISendLane<TSelf>
{
    /// <summary>Gets the state that the lane represents, to which the messages of this role alone have led.</summary>
    static abstract ProtocolState State { get; }

    /// <summary>Creates the lane at a position in the run.</summary>
    /// <param name="cursor">The position in the run.</param>
    static abstract TSelf At(SendCursor cursor);
}

/// <summary>A position in the sending lane of a run. Each generated sending lane wraps one. Only one send may be in progress.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SendCursor
{
    private readonly SplitRun? _lanes;
    private readonly long _version;

    internal SendCursor(SplitRun lanes, long version) => (_lanes, _version) = (lanes, version);

    /// <summary>Sends a message and transitions to the next state of the lane.</summary>
    /// <typeparam name="TLane">The type of the current lane.</typeparam>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TNext">The type of the next lane.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send. After cancellation the lane remains valid.</param>
    /// <exception cref="InvalidOperationException">The lane is a default value, was already used, or is in use.</exception>
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

    /// <summary>Sends a message that leads back to the lane's own state. The lane remains valid.</summary>
    /// <typeparam name="TLane">The type of the lane.</typeparam>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send.</param>
    /// <exception cref="InvalidOperationException">The lane is a default value, was already used, or is in use.</exception>
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

    /// <summary>Joins the two lanes of a split.</summary>
    /// <typeparam name="TLane">The type of the sending lane.</typeparam>
    /// <param name="receiving">The receiving lane. No receive may be in progress on it.</param>
    /// <returns>The position in the run.</returns>
    /// <exception cref="InvalidOperationException">The lanes are from different splits, or one of them is in use.</exception>
    public StateCursor Join<TLane>(ReceiveLane receiving)
        where TLane : struct, ISendLane<TLane>
    {
        ArgumentNullException.ThrowIfNull(receiving);
        if (_lanes is null)
            throw CreateDefaultLaneException<TLane>("joining");
        if (!ReferenceEquals(receiving.Lanes, _lanes))
            throw new InvalidOperationException($"{TLane.State.Subject}: the lanes are from different splits. Join the two lanes of one 'Split' call.");
        return _lanes.Join(_version, TLane.State);
    }

    private static InvalidOperationException CreateDefaultLaneException<TLane>(string what)
        where TLane : struct, ISendLane<TLane> =>
        new($"{TLane.State.Subject}: {what} is not possible with a default lane, which has no channel. "
            + "Use the lane that 'Split' or the last send returned.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitOrUndoAsync<TLane>(SplitRun lanes, ValueTask sending)
        where TLane : struct, ISendLane<TLane>
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            lanes.UndoSend(TLane.State, exception);
            throw;
        }
    }

    private ValueTask StartSend<TLane, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TLane : struct, ISendLane<TLane>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        if (_lanes is null)
            throw CreateDefaultLaneException<TLane>($"sending {typeof(TMessage).Name}");
        if (!_lanes.BeginSend(_version, TLane.State, typeof(TMessage)))
            return default;
        try
        {
            return _lanes.Channel.SendAsync(message, cancellationToken);
        }
        catch (Exception exception)
        {
            _lanes.UndoSend(TLane.State, exception);
            throw;
        }
    }
}
