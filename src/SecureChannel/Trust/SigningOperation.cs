using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>The signing of a handshake as something that it awaits.</summary>
/// <param name="signer">The server's key.</param>
/// <param name="scheme">How; one of the signer's schemes.</param>
/// <param name="content">What to sign.</param>
public sealed class SigningOperation(Signer signer, SignatureScheme scheme, ReadOnlyMemory<byte> content) : PendingOperation
{
    /// <summary>How it is signed.</summary>
    public SignatureScheme Scheme => scheme;

    /// <summary>The signature; empty before the operation has run.</summary>
    public ReadOnlyMemory<byte> Signature { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(CancellationToken cancellationToken) =>
        Signature = await signer.SignAsync(scheme, content, cancellationToken).ConfigureAwait(false);
}
