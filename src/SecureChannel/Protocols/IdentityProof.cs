namespace SecureChannel.Protocols;

/// <summary>That a peer's identity was proven.</summary>
public readonly struct IdentityProof;
