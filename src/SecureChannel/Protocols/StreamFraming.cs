using System.Buffers;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>
/// The framing of messages in a byte stream. Derive from this class to run a protocol with its own packet format, such as MQTT, over a
/// <see cref="StreamChannel"/>: a framing converts a packet to a code and a body, and back. A framing stores no state of a connection.
/// </summary>
public abstract class StreamFraming
{
    /// <summary>Gets the framing of this library, <see cref="MessageFraming"/>.</summary>
    public static StreamFraming Default { get; } = new DefaultFraming();

    /// <summary>Writes a message as a packet.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="output">The destination.</param>
    /// <param name="message">The message to write.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was written.</exception>
    public abstract void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message)
        where TMessage : ICodedMessage<TMessage>, allows ref struct;

    /// <summary>
    /// Writes a message as a packet, in the given version of its protocol. Override this method if messages have fields with <see cref="SinceAttribute"/>.
    /// </summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="output">The destination.</param>
    /// <param name="message">The message to write.</param>
    /// <param name="version">The version, at least 1.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds. Nothing was written.</exception>
    public virtual void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version)
        where TMessage : ICodedMessage<TMessage>, allows ref struct => Write(output, message);

    /// <summary>
    /// Tries to read the next packet. The method must not throw, even if the received bytes are invalid. If the method throws or consumes more bytes than it
    /// received, the channel ends with <see cref="SessionErrorKind.LocalError"/>.
    /// </summary>
    /// <param name="input">The received bytes, which may be an incomplete packet. The method may modify the bytes that it consumes, to build the body.</param>
    /// <param name="maxMessageSize">The maximum size of a body, in bytes.</param>
    /// <param name="consumed">The size of the packet in bytes, or 0 if the packet is incomplete.</param>
    /// <param name="message">The message. Its body is a slice of <paramref name="input"/>.</param>
    /// <param name="error">The reason that the bytes are refused, or null.</param>
    /// <returns>The status of the read.</returns>
    public abstract FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error);

    private sealed class DefaultFraming : StreamFraming
    {
        public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message) => MessageFraming.Write(output, message);

        public override void Write<TMessage>(IBufferWriter<byte> output, scoped in TMessage message, int version) =>
            MessageFraming.Write(output, message, version);

        public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
        {
            (consumed, message, error) = (0, default, null);
            var status = MessageFraming.TryReadHeader(input.Span, maxMessageSize, out var header);
            if (status == FrameStatus.Refused)
                error = MessageFraming.CreateError(header, maxMessageSize).Message;
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
