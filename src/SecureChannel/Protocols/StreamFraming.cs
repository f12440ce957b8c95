using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// How messages follow each other in a stream of bytes. Derive from it to speak a protocol whose packets are not ours, such as MQTT, over a
/// <see cref="StreamChannel"/>: it maps a packet to a code and a body, and back. Holds nothing of a connection.
/// </summary>
public abstract class StreamFraming
{
    /// <summary>The framing of this library, <see cref="MessageFraming"/>.</summary>
    public static StreamFraming Default { get; } = new DefaultFraming();

    /// <summary>Writes a message as a packet.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="output">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound; nothing was written.</exception>
    public abstract void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct;

    /// <summary>Writes a message as a packet, in a certain version of its protocol. Override it where messages have fields with <see cref="SinceAttribute"/>.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="output">Where to write.</param>
    /// <param name="message">The message.</param>
    /// <param name="version">The version, 1 or more.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound; nothing was written.</exception>
    public virtual void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => Write(output, message);

    /// <summary>Reads the next packet. Must never throw on input: a channel whose framing does, or that takes more than there is, ends with <see cref="SessionErrorKind.LocalError"/>.</summary>
    /// <param name="input">The bytes that have arrived, which need not be a whole packet. It may rearrange those that it consumes, to make a body of them.</param>
    /// <param name="maxMessageSize">The bound of a body in bytes.</param>
    /// <param name="consumed">How many bytes the packet takes; 0 unless it is complete.</param>
    /// <param name="message">The message, whose body lies in <paramref name="input"/>.</param>
    /// <param name="error">Why the bytes are refused; null unless they are.</param>
    public abstract FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error);

    private sealed class DefaultFraming : StreamFraming
    {
        public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message) => MessageFraming.Write(output, message);

        public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version) => MessageFraming.Write(output, message, version);

        public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
        {
            (consumed, message, error) = (0, default, null);
            var status = MessageFraming.TryReadHeader(input.Span, maxMessageSize, out var header);
            if (status == FrameStatus.Refused)
                error = MessageFraming.Explain(header, maxMessageSize).Message;
            if (status != FrameStatus.Complete)
                return status;
            if (input.Length - header.HeaderSize < header.BodySize)
                return FrameStatus.NeedMoreData;
            message = new ReceivedMessage(header.Code, input.Slice(header.HeaderSize, header.BodySize));
            consumed = header.HeaderSize + header.BodySize;
            return FrameStatus.Complete;
        }
    }
}
