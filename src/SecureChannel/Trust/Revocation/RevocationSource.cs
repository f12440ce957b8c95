using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>
/// The revocation data of a policy: what its options contain, and CRL files that are read again when they change. It needs no disposal, because it looks at the
/// files when it is asked for the data. Thread-safe.
/// </summary>
internal sealed class RevocationSource
{
    private static readonly long Interval = TimeSpan.FromMinutes(1).Ticks;

    private readonly ImmutableArray<CertificateRevocationList> _crls;
    private readonly ImmutableArray<ParsedOcspResponse> _ocspResponses;
    private readonly ImmutableArray<CrlFile> _files;
    private readonly Lock _gate = new();
    private volatile RevocationData _current;
    private long? _lookedAt;

    /// <summary>Parses the data of options and reads their files.</summary>
    /// <exception cref="ArgumentException">A CRL or an OCSP response is not accepted.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CertificateException">A file contains no CRL, or a CRL that is not accepted.</exception>
    public RevocationSource(TrustOptions options)
    {
        Mode = options.Revocation;
        _crls = [.. options.Crls.SelectMany(ReadCrls)];
        _ocspResponses = [.. options.OcspResponses.Select(ReadOcspResponse)];
        _files = [.. options.CrlPaths.Select(path => new CrlFile(path))];
        foreach (var file in _files)
            file.Load();
        _current = CreateData();
    }

    /// <summary>Gets the mode.</summary>
    public RevocationMode Mode { get; }

    /// <summary>
    /// Returns the current data. It looks at the files if the last look was at least one minute ago by the clock of the caller, or if that clock was set back.
    /// </summary>
    public RevocationData GetCurrent(DateTimeOffset at)
    {
        // A thread that finds the files being read uses the earlier data.
        if (_files.IsEmpty || !_gate.TryEnter())
            return _current;
        try
        {
            if (_lookedAt is { } lookedAt && Math.Abs(at.UtcTicks - lookedAt) < Interval)
                return _current;
            _lookedAt = at.UtcTicks;
            var hasChanged = false;
            foreach (var file in _files)
                hasChanged |= file.Refresh();
            if (hasChanged)
                _current = CreateData();
            return _current;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private RevocationData CreateData() =>
        new([.. _crls, .. _files.SelectMany(file => file.Crls)], _ocspResponses, _files.FirstOrDefault(file => file.Problem is not null)?.Problem);

    private static IEnumerable<CertificateRevocationList> ReadCrls(ReadOnlyMemory<byte> encoded, int index)
    {
        try
        {
            return CrlFile.Read(encoded.ToArray());
        }
        catch (CertificateException exception)
        {
            throw new ArgumentException($"Item {index} of '{nameof(TrustOptions.Crls)}': {exception.Error.Message}", exception);
        }
    }

    private static ParsedOcspResponse ReadOcspResponse(ReadOnlyMemory<byte> encoded, int index)
    {
        var response = OcspResponseParser.Parse(encoded.ToArray());
        if (response.Gap == RevocationGap.None)
            return response;
        var reason = RevocationText.DescribeOcsp(RevocationStatus.Unknown(response.Gap, isOcsp: true));
        throw new ArgumentException($"Item {index} of '{nameof(TrustOptions.OcspResponses)}' {reason}. Replace it.");
    }
}
