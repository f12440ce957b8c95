using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

/// <summary>
/// The codec of a message. The generator implements this interface for a type with <see cref="MessageAttribute"/>. To read and write messages, call
/// <see cref="WireSerializer"/>.
/// </summary>
/// <typeparam name="TSelf">The type of the message.</typeparam>
public interface IMessage<TSelf>
    where TSelf : IMessage<TSelf>, allows ref struct
{
    /// <summary>Tries to read the fields of the message. Never throws on invalid input.</summary>
    /// <param name="reader">The reader. After a failure, its error has the offset, the field and the reason.</param>
    /// <param name="message">The message. It is undefined after a failure: <see cref="WireSerializer"/> and <see cref="WireReader"/> clear it.</param>
    /// <returns>True if the input contains the message; otherwise, false.</returns>
    static abstract bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out TSelf message);

    /// <summary>Gets the exact number of bytes that <see cref="Write"/> writes.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds, or is null although its declaration does not allow null.</exception>
    static virtual int GetSize(scoped in TSelf message) => WireWriter.Measure(message);

    /// <summary>Writes the fields of the message.</summary>
    /// <param name="writer">The writer, which has room for <see cref="GetSize"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">A field is outside its declared bounds, or is null although its declaration does not allow null.</exception>
    static abstract void Write(scoped ref WireWriter writer, scoped in TSelf message);
}

/// <summary>
/// The codec of a message that is sent on its own, with a code. The generator implements this interface for a type whose <see cref="MessageAttribute"/> has a
/// code.
/// </summary>
/// <typeparam name="TSelf">The type of the message.</typeparam>
public interface ICodedMessage<TSelf> : IMessage<TSelf>
    where TSelf : ICodedMessage<TSelf>, allows ref struct
{
    /// <summary>Gets the code that identifies the message on the wire.</summary>
    static abstract int Code { get; }
}
