using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A depth-first search for a certification path from an end-entity certificate to a trust anchor (RFC 5280 section 6). The search returns to the previous
/// certificate after every check that fails, and verifies signatures last. Limits bound the work that a peer can cause.
/// </summary>
internal sealed class PathBuilder
{
    /// <summary>The maximum number of signatures that one search verifies.</summary>
    public const int MaxSignatureChecks = 100;

    private const int MaxSteps = 10_000;
    private const int MaxNameComparisons = 250_000;

    private readonly PathRequest _request;
    private readonly ImmutableArray<TrustAnchor> _anchors;
    private readonly ParsedCertificate[] _presented;
    private readonly ParsedCertificate[] _path;

    // For each presented certificate the index of the first one with the same subject and key, and whether the path contains that authority.
    private readonly int[] _entities;
    private readonly bool[] _isUsed;

    // Signatures that were verified for a path that failed afterwards.
    private List<VerifiedSignature>? _signatures;
    private PathFailure? _failure;
    private int _deepestUnknown;
    private int _signatureChecks = MaxSignatureChecks;
    private int _steps = MaxSteps;
    private int _nameComparisons = MaxNameComparisons;

    private PathBuilder(PathRequest request, ImmutableArray<TrustAnchor> anchors, ParsedCertificate[] presented)
    {
        (_request, _anchors, _presented) = (request, anchors, presented);
        _path = new ParsedCertificate[Math.Min(presented.Length, request.Options.MaxChainLength) + 1];
        _entities = presented.Length == 1 ? [0] : FindEntities(presented);
        _isUsed = new bool[presented.Length];
    }

    private bool IsExhausted => _failure?.Fault == PathFault.TooManyChecks;

    /// <summary>Tries to build a path.</summary>
    /// <param name="request">The purpose, the time and the rules.</param>
    /// <param name="anchors">The trust anchors.</param>
    /// <param name="presented">The certificates that the peer sent, its own first.</param>
    /// <param name="path">The path from the peer's certificate to the anchor, or an empty array.</param>
    /// <param name="failure">The failure that describes the search best, or null.</param>
    /// <returns>True if a path was found and verified; otherwise, false.</returns>
    public static bool TryBuild(PathRequest request, ImmutableArray<TrustAnchor> anchors, ParsedCertificate[] presented,
        out ImmutableArray<ParsedCertificate> path, [NotNullWhen(false)] out PathFailure? failure)
    {
        var builder = new PathBuilder(request, anchors, presented);
        var length = builder.Search();
        path = [.. builder._path.AsSpan(0, length)];
        failure = length == 0 ? builder._failure ?? new PathFailure(PathFault.UnknownIssuer, presented[0]) : null;
        return length > 0;
    }

    // Returns the number of certificates in the path, or 0.
    private int Search()
    {
        var leaf = _presented[0];
        _path[0] = leaf;
        _isUsed[0] = true;
        _failure = CertificateRules.CheckEndEntity(leaf, _request.Purpose, _request.Time, _request.Options.RequireExtendedKeyUsage);
        if (_failure is not null)
            return 0;

        // An anchor needs no issuer, and an end-entity certificate as an anchor matches only itself.
        foreach (var anchor in _anchors)
        {
            if (anchor.Certificate.Encoded.Span.SequenceEqual(leaf.Encoded.Span))
                return Complete(1);
        }

        _failure = CertificateRules.CheckSignatureAlgorithm(leaf);
        return _failure is null ? Extend(1) : 0;
    }

    private int Extend(int count)
    {
        var current = _path[count - 1];
        var hasCandidate = false;

        // Candidates with the key identifier that the certificate names are tried first.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var anchor in _anchors)
            {
                if (!IsCandidate(anchor.Certificate, current, isSecondPass: pass == 1) || !anchor.Certificate.IsAuthority || IsInPath(anchor.Certificate, count))
                    continue;
                hasCandidate = true;
                if (TryAnchor(anchor, count) is > 0 and var length)
                    return length;
                if (IsExhausted)
                    return 0;
            }

            for (var index = 1; index < _presented.Length; index++)
            {
                var candidate = _presented[index];
                if (_isUsed[_entities[index]] || !IsCandidate(candidate, current, isSecondPass: pass == 1))
                    continue;
                hasCandidate = true;
                _isUsed[_entities[index]] = true;
                if (TryIntermediate(candidate, count) is > 0 and var length)
                    return length;
                _isUsed[_entities[index]] = false;
                if (IsExhausted)
                    return 0;
            }
        }

        if (!hasCandidate && count > _deepestUnknown)
        {
            _deepestUnknown = count;
            if (_failure is null or { Fault: PathFault.UnknownIssuer })
                _failure = new(PathFault.UnknownIssuer, current);
        }

        return 0;
    }

    private static int[] FindEntities(ParsedCertificate[] presented)
    {
        var entities = new int[presented.Length];
        for (var index = 0; index < presented.Length; index++)
        {
            while (!presented[entities[index]].IsSameEntityAs(presented[index]))
                entities[index]++;
        }

        return entities;
    }

    private static bool IsCandidate(ParsedCertificate candidate, ParsedCertificate current, bool isSecondPass) =>
        candidate.IsNamedAsIssuerOf(current) && candidate.HasDifferentKeyThanIssuerOf(current) == isSecondPass;

    // A path never visits an authority twice, so that cross-certificates form no loops.
    private bool IsInPath(ParsedCertificate certificate, int count)
    {
        for (var index = 0; index < count; index++)
        {
            if (_path[index].IsSameEntityAs(certificate))
                return true;
        }

        return false;
    }

    private int TryAnchor(TrustAnchor anchor, int count)
    {
        var certificate = anchor.Certificate;
        if (CheckIssuer(certificate, count, isAnchor: true) is { } failure)
            return Fail(failure);
        _path[count] = certificate;
        return VerifySignatures(anchor, count) is { } wrong ? Fail(wrong) : Complete(count + 1);
    }

    private int TryIntermediate(ParsedCertificate candidate, int count)
    {
        if (count == _request.Options.MaxChainLength)
            return Fail(new(PathFault.TooManyCertificates, _path[0], count));
        if (CheckIssuer(candidate, count, isAnchor: false) is { } failure)
            return Fail(failure);
        _path[count] = candidate;
        return Extend(count + 1);
    }

    private PathFailure? CheckIssuer(ParsedCertificate issuer, int count, bool isAnchor)
    {
        if (--_steps < 0)
            return new(PathFault.TooManyChecks, _path[0]);
        if (CertificateRules.CheckAuthority(issuer, _request.Purpose, _request.Time, isAnchor) is { } failure)
            return failure;

        // RFC 5280 section 4.2.1.9: "non-self-issued intermediate certificates that may follow this certificate in a valid certification path".
        var following = 0;
        for (var index = 1; index < count; index++)
            following += _path[index].IsSelfIssued ? 0 : 1;
        if (following > issuer.Extensions.PathLength)
            return new(PathFault.PathTooLong, issuer);
        if (issuer.Extensions.NameConstraints is { } constraints && CheckNames(constraints, issuer, count) is { } excluded)
            return excluded;
        return SignatureAlgorithmIdentifier.Fits(_path[count - 1].Algorithm!.Value, issuer.PublicKey) ? null : new(PathFault.BadSignature, _path[count - 1]);
    }

    // RFC 5280 section 6.1.3: self-issued certificates are exempt, unless they are the last one.
    private PathFailure? CheckNames(NameConstraints constraints, ParsedCertificate issuer, int count)
    {
        for (var index = 0; index < count; index++)
        {
            if ((index > 0 && _path[index].IsSelfIssued) || constraints.Allow(_path[index], ref _nameComparisons))
                continue;
            return _nameComparisons < 0 ? new(PathFault.TooManyChecks, _path[0]) : new(PathFault.NameConstraint, _path[index], issuer);
        }

        return null;
    }

    // From the anchor down, so that only keys of authenticated authorities are used.
    private PathFailure? VerifySignatures(TrustAnchor anchor, int count)
    {
        for (var index = count - 1; index >= 0; index--)
        {
            var (certificate, issuer) = (_path[index], _path[index + 1]);
            var fault = FindSignature(certificate, issuer)?.Fault;
            if (fault is null)
            {
                if (--_signatureChecks < 0)
                    return new(PathFault.TooManyChecks, _path[0]);
                fault = index == count - 1 ? Verify(certificate, anchor) : Verify(certificate, issuer);
                if (fault != PathFault.None)
                    Remember(count, index);
            }

            if (fault != PathFault.None)
            {
                (_signatures ??= []).Add(new(certificate, issuer, fault.Value));
                return fault == PathFault.UnverifiableSignature ? new(fault.Value, certificate, PeerText.Quote(_request.Cryptography.Name))
                    : new(issuer.HasDifferentKeyThanIssuerOf(certificate) && index == count - 1 ? PathFault.DifferentKey : PathFault.BadSignature, certificate);
            }
        }

        return null;
    }

    private VerifiedSignature? FindSignature(ParsedCertificate certificate, ParsedCertificate issuer) =>
        _signatures?.Find(known => known.Certificate == certificate && known.Issuer == issuer);

    // The signatures above the wrong one are valid, and may be needed again.
    private void Remember(int count, int wrong)
    {
        _signatures ??= [];
        for (var index = count - 1; index > wrong; index--)
        {
            if (FindSignature(_path[index], _path[index + 1]) is null)
                _signatures.Add(new(_path[index], _path[index + 1], PathFault.None));
        }
    }

    private PathFault Verify(ParsedCertificate certificate, TrustAnchor anchor) =>
        anchor.TryGetKey(_request.Cryptography, out var key) ? Verify(certificate, key) : PathFault.UnverifiableSignature;

    private PathFault Verify(ParsedCertificate certificate, ParsedCertificate issuer)
    {
        if (!_request.Cryptography.TryImportVerificationKey(issuer.PublicKey.Encoded.Span, out var key))
            return PathFault.UnverifiableSignature;
        using (key)
            return Verify(certificate, key);
    }

    private static PathFault Verify(ParsedCertificate certificate, VerificationKey key) =>
        key.VerifyCertificate(certificate.Algorithm!.Value, certificate.ToBeSigned.Span, certificate.Signature.Span) ? PathFault.None : PathFault.BadSignature;

    private int Complete(int length) => _request.CheckPath(_path.AsSpan(0, length)) is { } failure ? Fail(failure) : length;

    private int Fail(PathFailure failure)
    {
        _failure = PathFailure.Better(_failure, failure);
        return 0;
    }

    private sealed record VerifiedSignature(ParsedCertificate Certificate, ParsedCertificate Issuer, PathFault Fault);
}
