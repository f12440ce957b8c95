namespace SecureChannel.Messages;

/// <summary>Messages to bytes and back.</summary>
public static class Wire;
