using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SecureChannel.Pki;

/// <summary>
/// An independent judge of certification paths. It enumerates all paths from a server's certificate to an anchor and checks each one from the anchor down, as
/// RFC 5280 section 6.1 describes, with the parser and the signatures of BouncyCastle. It shares no code with the library.
/// </summary>
internal sealed class PathOracle(IReadOnlyList<byte[]> anchors, IReadOnlyList<byte[]> presented, string name, DateTime time)
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string AnyPurpose = "2.5.29.37.0";
    private const int KeyCertSignBit = 5;
    private const int DigitalSignatureBit = 0;

    private static readonly HashSet<string> Known =
        [X509Extensions.BasicConstraints.Id, X509Extensions.KeyUsage.Id, X509Extensions.ExtendedKeyUsage.Id, X509Extensions.SubjectAlternativeName.Id,
            X509Extensions.NameConstraints.Id];

    private readonly BouncyCertificate[] _anchors = [.. anchors.Select(der => new BouncyCertificate(der))];
    private readonly BouncyCertificate[] _presented = [.. presented.Select(der => new BouncyCertificate(der))];
    private readonly Dictionary<(BouncyCertificate, BouncyCertificate), bool> _signatures = [];

    /// <summary>Returns a value that indicates whether any path is valid.</summary>
    public bool Accepts() => FindPaths().Any();

    /// <summary>Enumerates the valid paths. Each begins with the server's certificate and ends with an anchor.</summary>
    public IEnumerable<byte[][]> FindPaths()
    {
        var leaf = _presented[0];
        if (!IsServer(leaf))
            return [];
        BouncyCertificate[][] trusted = _anchors.Any(anchor => anchor.GetEncoded().AsSpan().SequenceEqual(leaf.GetEncoded())) ? [[leaf]] : [];
        return trusted.Concat(PathsFrom([leaf]).Where(IsValid)).Select(path => path.Select(certificate => certificate.GetEncoded()).ToArray());
    }

    /// <summary>Returns a value that indicates whether a certificate is signed with its own key.</summary>
    public static bool IsSignedByItself(byte[] der)
    {
        var certificate = new BouncyCertificate(der);
        return certificate.IsSignatureValid(certificate.GetPublicKey());
    }

    private IEnumerable<BouncyCertificate[]> PathsFrom(BouncyCertificate[] path)
    {
        foreach (var anchor in _anchors)
        {
            if (anchor.SubjectDN.Equivalent(path[^1].IssuerDN, true) && !Visits(path, anchor))
                yield return [.. path, anchor];
        }

        foreach (var next in _presented.Skip(1))
        {
            if (!next.SubjectDN.Equivalent(path[^1].IssuerDN, true) || Visits(path, next))
                continue;
            foreach (var longer in PathsFrom([.. path, next]))
                yield return longer;
        }
    }

    private static bool Visits(BouncyCertificate[] path, BouncyCertificate certificate) =>
        path.Any(visited => visited.SubjectDN.Equivalent(certificate.SubjectDN, true) && KeyOf(visited).AsSpan().SequenceEqual(KeyOf(certificate)));

    private static byte[] KeyOf(BouncyCertificate certificate) => certificate.CertificateStructure.SubjectPublicKeyInfo.GetDerEncoded();

    // The path begins with the server; the rules are checked from the anchor at its end.
    private bool IsValid(BouncyCertificate[] path)
    {
        var remaining = int.MaxValue;
        for (var index = path.Length - 1; index >= 1; index--)
        {
            var authority = path[index];
            if (!IsInTime(authority) || authority.GetBasicConstraints() < 0 || authority.GetKeyUsage() is { } usage && !usage[KeyCertSignBit]
                || !AllowsPurpose(authority) || HasUnknownCritical(authority))
            {
                return false;
            }

            // A self-issued certificate consumes nothing of the length that remains; the anchor is no part of the path.
            if (index < path.Length - 1 && !authority.SubjectDN.Equivalent(authority.IssuerDN, true) && --remaining < 0)
                return false;
            remaining = Math.Min(remaining, authority.GetBasicConstraints());
            if (!AllowsNames(authority, path, index))
                return false;
        }

        return Enumerable.Range(0, path.Length - 1).All(index => IsSignedBy(path[index], path[index + 1]));
    }

    private bool IsServer(BouncyCertificate leaf) => IsInTime(leaf) && leaf.GetBasicConstraints() < 0 && !HasUnknownCritical(leaf)
        && (leaf.GetKeyUsage()?[DigitalSignatureBit] ?? true)
        && (leaf.GetExtendedKeyUsage()?.Any(purpose => purpose.Id == ServerAuth) ?? true)
        && NamesOf(leaf).Any(presentedName => string.Equals(presentedName, name, StringComparison.OrdinalIgnoreCase));

    private bool IsInTime(BouncyCertificate certificate) => certificate.NotBefore.ToUniversalTime() <= time && time <= certificate.NotAfter.ToUniversalTime();

    private static bool AllowsPurpose(BouncyCertificate authority) =>
        authority.GetExtendedKeyUsage()?.Any(purpose => purpose.Id is ServerAuth or AnyPurpose) ?? true;

    private static bool HasUnknownCritical(BouncyCertificate certificate) =>
        certificate.GetCriticalExtensionOids().Any(oid => !Known.Contains(oid));

    private static bool AllowsNames(BouncyCertificate authority, BouncyCertificate[] path, int index)
    {
        if (authority.GetExtensionValue(X509Extensions.NameConstraints) is not { } value)
            return true;
        var constraints = NameConstraints.GetInstance(Asn1Object.FromByteArray(value.GetOctets()));
        for (var below = index - 1; below >= 0; below--)
        {
            if (below > 0 && path[below].SubjectDN.Equivalent(path[below].IssuerDN, true))
                continue;
            foreach (var presentedName in NamesOf(path[below]))
            {
                if (SubtreesOf(constraints.PermittedSubtreesValue) is { Count: > 0 } permitted && !permitted.Any(subtree => IsBelow(presentedName, subtree))
                    || SubtreesOf(constraints.ExcludedSubtreesValue).Any(subtree => IsBelow(presentedName, subtree)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static List<string> SubtreesOf(GeneralSubtrees? subtrees) =>
        subtrees is null ? [] : [.. Asn1Sequence.GetInstance(subtrees.ToAsn1Object()).Select(subtree => GeneralSubtree.GetInstance(subtree).Base.Name.ToString()!)];

    private static bool IsBelow(string presentedName, string subtree) =>
        presentedName == subtree || presentedName.EndsWith("." + subtree, StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(BouncyCertificate certificate) =>
        certificate.GetSubjectAlternativeNameExtension()?.GetNames().Where(general => general.TagNo == GeneralName.DnsName)
            .Select(general => general.Name.ToString()!) ?? [];

    private bool IsSignedBy(BouncyCertificate certificate, BouncyCertificate issuer)
    {
        if (_signatures.TryGetValue((certificate, issuer), out var known))
            return known;
        try
        {
            certificate.Verify(issuer.GetPublicKey());
            known = true;
        }
        catch (GeneralSecurityException)
        {
            known = false;
        }

        _signatures[(certificate, issuer)] = known;
        return known;
    }
}
