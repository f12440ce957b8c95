namespace SecureChannel.Messages;

/// <summary>Reads the presentation language from bytes. Never throws on input.</summary>
public ref struct WireReader;
