namespace SecureChannel;

/// <summary>
/// The source of the identity that an endpoint presents: a <see cref="CertificateIdentity"/>, a <see cref="CertificateWatcher"/> or an
/// <see cref="IdentitySelector"/>. Each handshake uses one snapshot. Thread-safe.
/// </summary>
public abstract class IdentitySource : IDisposable
{
    private protected IdentitySource()
    {
    }

    /// <summary>Releases the resources of the source. Dispose it after the listeners and sessions that use it.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Gets the identity of a handshake that starts now, or null if it must be selected asynchronously.</summary>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    internal abstract CertificateIdentity? Snapshot { get; }

    /// <summary>
    /// Checks that the source can be used with options, and remembers the use for identities that are loaded later. Returns null if it can, or if the
    /// identities
    /// are not known yet.
    /// </summary>
    /// <param name="use">The use.</param>
    internal abstract CertificateError? Check(IdentityUse use);
}
