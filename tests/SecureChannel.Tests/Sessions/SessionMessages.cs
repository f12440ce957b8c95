namespace SecureChannel.Tests.Sessions;

/// <summary>A message of text.</summary>
[Message(1)]
public readonly partial record struct Note(string Text);

/// <summary>A message of bytes.</summary>
[Message(2)]
public readonly partial record struct Blob(ReadOnlyMemory<byte> Bytes);
