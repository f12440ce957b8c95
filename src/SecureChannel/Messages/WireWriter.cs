namespace SecureChannel.Messages;

/// <summary>Writes the presentation language.</summary>
public ref struct WireWriter;
