using System.Buffers;
using System.Threading.Tasks.Sources;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Testing;

/// <summary>A channel that accepts all messages, and receives the messages that the test provides.</summary>
public sealed class ScriptedChannel(Role role = Role.Client) : MessageChannel, IValueTaskSource<ReceivedMessage?>
{
    private readonly byte[] _body = new byte[256];
    private readonly ArrayBufferWriter<byte> _sent = new(1024);
    private ManualResetValueTaskSourceCore<ReceivedMessage?> _waiting;

    public override Role Role => role;

    public override string? ApplicationProtocol => null;

    public override SessionEnd? End => null;

    public override Task<SessionEnd> Completion { get; } = new TaskCompletionSource<SessionEnd>().Task;

    /// <summary>Completes a pending receive with a message.</summary>
    public TReply Answer<TReply, TMessage>(ValueTask<TReply> receiving, TMessage message)
        where TMessage : ICodedMessage<TMessage>
    {
        var size = WireSerializer.GetSize(message);
        WireSerializer.Write(_body.AsSpan(0, size), message);
        _waiting.SetResult(new ReceivedMessage(TMessage.Code, _body.AsMemory(0, size)));
        return receiving.GetAwaiter().GetResult();
    }

    public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default)
    {
        _sent.ResetWrittenCount();
        MessageFraming.Write(_sent, message, ProtocolVersion);
        return default;
    }

    public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Reset();
        return new ValueTask<ReceivedMessage?>(this, _waiting.Version);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => default;

    public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => default;

    public override ValueTask AbortAsync(SessionError error) => default;

    public override ValueTask DisposeAsync() => default;

    ReceivedMessage? IValueTaskSource<ReceivedMessage?>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReceivedMessage?>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<ReceivedMessage?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);
}
