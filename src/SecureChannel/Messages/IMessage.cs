using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Messages;

/// <summary>What the generator implements for a type with <see cref="MessageAttribute"/>. Code calls <see cref="WireSerializer"/> instead.</summary>
/// <typeparam name="TSelf">The message.</typeparam>
public interface IMessage<TSelf>
    where TSelf : IMessage<TSelf>, allows ref struct
{
    /// <summary>Reads the message's fields. Never throws on input.</summary>
    /// <param name="reader">Where to read; after a refusal its error says where and why.</param>
    /// <param name="message">The message; if there was none, anything: <see cref="WireSerializer"/> and <see cref="WireReader"/> clear it.</param>
    /// <returns>Whether the input was a message.</returns>
    static abstract bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out TSelf message);

    /// <summary>The exact number of bytes that <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound, or is null without being nullable.</exception>
    static virtual int GetSize(scoped in TSelf message) => WireWriter.Measure(message);

    /// <summary>Writes the message's fields.</summary>
    /// <param name="writer">Where to write; it has room for <see cref="GetSize"/> bytes.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">A field lies outside its declared bound, or is null without being nullable.</exception>
    static abstract void Write(scoped ref WireWriter writer, scoped in TSelf message);
}

/// <summary>A message that travels by itself: the generator implements it where <see cref="MessageAttribute"/> has a code.</summary>
/// <typeparam name="TSelf">The message.</typeparam>
public interface ICodedMessage<TSelf> : IMessage<TSelf>
    where TSelf : ICodedMessage<TSelf>, allows ref struct
{
    /// <summary>What tells the message apart on the wire.</summary>
    static abstract int Code { get; }
}
