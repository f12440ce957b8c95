using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SecureChannel;

/// <summary>
/// An identity that is reloaded when its PEM files change. A new identity replaces the old one completely: a handshake uses one of them. If the new files
/// cannot
/// be used, the old identity remains. Thread-safe.
/// </summary>
/// <remarks>
/// The content of the files is compared every 5 seconds, so that replaced symbolic links and network file systems work. A change is loaded when the files have
/// not
/// changed for a second, so that a certificate and a key that are written one after the other are not combined with each other's predecessor.
/// </remarks>
public sealed class CertificateWatcher : IdentitySource
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<IdentityUse, bool> _uses = new();
    private readonly string _certificatesPath;
    private readonly string _keyPath;
    private readonly Action<CertificateError>? _reloadFailed;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private CertificateIdentity _current;
    private byte[] _loadedHash;
    private byte[]? _observedHash;
    private byte[]? _reportedHash;
    private volatile bool _isDisposed;

    internal CertificateWatcher(string certificatesPath, string keyPath, Action<CertificateError>? reloadFailed, TimeProvider timeProvider)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificatesPath);
        ArgumentException.ThrowIfNullOrEmpty(keyPath);
        (_certificatesPath, _keyPath) = (Path.GetFullPath(certificatesPath), Path.GetFullPath(keyPath));
        (_reloadFailed, _timeProvider) = (reloadFailed, timeProvider);
        using (var files = IdentityFileContent.Read(_certificatesPath, _keyPath))
            (_current, _loadedHash) = (files.Load(), files.Hash);
        _timer = timeProvider.CreateTimer(static state => ((CertificateWatcher)state!).Poll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Schedule(PollInterval);
    }

    /// <summary>Gets the current identity, which the watcher owns. An identity that was replaced remains usable for handshakes that have started.</summary>
    /// <exception cref="ObjectDisposedException">The watcher was disposed.</exception>
    public CertificateIdentity Current
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Volatile.Read(ref _current);
        }
    }

    /// <inheritdoc/>
    internal override CertificateIdentity Snapshot => Current;

    /// <summary>Tries to reload the identity now. Call it after the files were written, instead of waiting for the watcher.</summary>
    /// <param name="error">The reason why the old identity remains, or null if the identity is current.</param>
    /// <returns>True if the identity is that of the files; otherwise, false.</returns>
    /// <exception cref="ObjectDisposedException">The watcher was disposed.</exception>
    public bool TryReload([NotNullWhen(false)] out CertificateError? error)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                using var files = IdentityFileContent.Read(_certificatesPath, _keyPath);
                error = Reload(files);
            }
            catch (IOException exception)
            {
                error = CreateUnreadableError(exception);
            }

            return error is null;
        }
    }

    /// <summary>Stops watching and releases the private key of the current identity. Established sessions are not affected.</summary>
    public override void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _timer.Dispose();
        _current.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    internal override CertificateError? Check(IdentityUse use)
    {
        _uses.TryAdd(use, true);
        return Current.Check(use);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The watcher must survive every failure to read the files, and a callback that throws.")]
    private void Poll()
    {
        var next = PollInterval;
        try
        {
            CertificateError? failure;
            lock (_gate)
            {
                if (_isDisposed)
                    return;
                failure = Observe(out var isSettled);
                next = isSettled ? PollInterval : SettleTime;
            }

            if (failure is not null)
                _reloadFailed?.Invoke(failure);
        }
        catch (Exception)
        {
            // The next poll tries again.
        }
        finally
        {
            Schedule(next);
        }
    }

    // Returns a problem that was not reported yet. The content that was observed is the content that is loaded, so that no later write is mixed into it.
    private CertificateError? Observe(out bool isSettled)
    {
        CertificateError? error = null;
        byte[] hash;
        try
        {
            using var files = IdentityFileContent.Read(_certificatesPath, _keyPath);
            hash = files.Hash;
            isSettled = IsSettled(hash);
            if (isSettled)
                error = Reload(files);
        }
        catch (IOException exception)
        {
            error = CreateUnreadableError(exception);
            hash = SHA256.HashData(Encoding.UTF8.GetBytes(error.Message));
            isSettled = IsSettled(hash);
        }

        _observedHash = hash;
        if (!isSettled || error is null || hash.AsSpan().SequenceEqual(_reportedHash))
            return null;
        _reportedHash = hash;
        return error;
    }

    private bool IsSettled(ReadOnlySpan<byte> hash) => hash.SequenceEqual(_loadedHash) || hash.SequenceEqual(_observedHash);

    private CertificateError? Reload(IdentityFileContent files)
    {
        if (files.Hash.AsSpan().SequenceEqual(_loadedHash))
            return null;
        CertificateIdentity? loaded = null;
        try
        {
            loaded = files.Load();
            if (FindRegression(loaded) is { } problem)
                return problem;

            // A handshake may still use the old identity. Its key is wiped when no handshake does.
            Volatile.Write(ref _current, loaded);
            (_loadedHash, _reportedHash, loaded) = (files.Hash, null, null);
            return null;
        }
        catch (CertificateException exception)
        {
            return exception.Error;
        }
        finally
        {
            loaded?.Dispose();
        }
    }

    private static CertificateError CreateUnreadableError(IOException exception) =>
        new(CertificateErrorKind.Malformed, $"A file of the identity cannot be read: {exception.Message}");

    private CertificateError? FindRegression(CertificateIdentity loaded)
    {
        foreach (var use in _uses.Keys)
        {
            if (loaded.Check(use) is { } error)
                return error;
        }

        var now = _timeProvider.GetUtcNow();
        return IdentityChain.IsValid(_current.Certificate, now) && !IdentityChain.IsValid(loaded.Certificate, now)
            ? IdentityChecks.CheckValidity(loaded.Certificate, now)
            : null;
    }

    private void Schedule(TimeSpan delay)
    {
        try
        {
            if (!_isDisposed)
                _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The watcher was disposed meanwhile.
        }
    }
}
