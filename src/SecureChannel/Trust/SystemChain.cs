using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// The search for a certification path by the platform's chain engine, with the certificate stores of the machine and the user. Rules and results depend on the
/// operating system. The search downloads nothing.
/// </summary>
internal static class SystemChain
{
    /// <summary>Tries to build a path, as <see cref="PathBuilder.TryBuild"/> does.</summary>
    public static bool TryBuild(PathRequest request, ParsedCertificate[] presented,
        out ImmutableArray<ParsedCertificate> path, [NotNullWhen(false)] out PathFailure? failure)
    {
        path = [];
        failure = CertificateRules.CheckEndEntity(presented[0], request.Purpose, request.Time, request.Options.RequireExtendedKeyUsage)
            ?? CertificateRules.CheckSignatureAlgorithm(presented[0]);
        if (failure is not null)
            return false;

        var certificates = new List<X509Certificate2>();
        try
        {
            foreach (var certificate in presented)
                certificates.Add(X509CertificateLoader.LoadCertificate(certificate.Encoded.Span));
            failure = Build(request, presented, certificates, out path);
        }
        catch (CryptographicException)
        {
            failure = new(PathFault.RejectedByPlatform, presented[0], "the platform cannot read a certificate");
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }

        return failure is null;
    }

    private static PathFailure? Build(
        PathRequest request, ParsedCertificate[] presented, List<X509Certificate2> certificates, out ImmutableArray<ParsedCertificate> path)
    {
        path = [];
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.System;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = request.Time.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(request.Purpose.GetOid(), null));
        foreach (var certificate in certificates.Skip(1))
            chain.ChainPolicy.ExtraStore.Add(certificate);

        var isTrusted = chain.Build(certificates[0]);
        var elements = new List<ParsedCertificate>();
        foreach (var element in chain.ChainElements)
        {
            var isAnchor = elements.Count == chain.ChainElements.Count - 1;
            if (!CertificateParser.TryParse(element.Certificate.RawData, out var certificate, out var error, isAnchor))
                return new(PathFault.RejectedByPlatform, presented[0], $"an issuer's certificate {error.Reason}");
            elements.Add(certificate);
            if (FindFailure(element, certificate) is { } failure)
                return failure;
            if (elements.Count > 1 && CertificateRules.CheckAuthority(certificate, request.Purpose, request.Time, isAnchor) is { } unfit)
                return unfit;
        }

        if (!isTrusted || elements.Count == 0)
            return new(PathFault.UntrustedBySystem, elements.LastOrDefault() ?? presented[0]);
        path = [.. elements];
        return request.CheckPath(path.AsSpan());
    }

    private static PathFailure? FindFailure(X509ChainElement element, ParsedCertificate certificate)
    {
        foreach (var status in element.ChainElementStatus)
        {
            switch (status.Status)
            {
                case X509ChainStatusFlags.NoError:
                    break;
                case X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot:
                    return new(PathFault.UntrustedBySystem, certificate);
                case X509ChainStatusFlags.NotSignatureValid:
                    return new(PathFault.BadSignature, certificate);
                default:
                    return new(PathFault.RejectedByPlatform, certificate, status.Status.ToString());
            }
        }

        return null;
    }
}
