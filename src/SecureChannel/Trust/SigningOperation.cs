using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>The signing of handshake content, which the handshake awaits.</summary>
/// <param name="signer">The signer that uses the private key.</param>
/// <param name="scheme">The signature scheme: one of the signer's schemes.</param>
/// <param name="content">The content to sign.</param>
public sealed class SigningOperation(Signer signer, SignatureScheme scheme, ReadOnlyMemory<byte> content) : PendingOperation
{
    /// <summary>Gets the signature scheme.</summary>
    public SignatureScheme Scheme => scheme;

    /// <summary>Gets the signature, or an empty value if the operation has not run.</summary>
    public ReadOnlyMemory<byte> Signature { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(CancellationToken cancellationToken) =>
        Signature = await signer.SignAsync(scheme, content, cancellationToken).ConfigureAwait(false);
}
