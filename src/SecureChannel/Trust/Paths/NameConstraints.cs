using System.Collections.Immutable;

namespace SecureChannel;

/// <summary>The name constraints of an authority (RFC 5280 section 4.2.1.10). Immutable and thread-safe.</summary>
/// <param name="permitted">The subtrees that contain all names of each type that occurs here.</param>
/// <param name="excluded">The subtrees that contain no name.</param>
internal sealed class NameConstraints(ImmutableArray<GeneralName> permitted, ImmutableArray<GeneralName> excluded)
{
    /// <summary>Parses the value of the extension. Returns null if it is malformed.</summary>
    public static NameConstraints? Parse(ReadOnlyMemory<byte> value)
    {
        var outer = new DerReader(value);
        if (!outer.TryEnter(DerReader.Sequence, out var fields) || !outer.IsEmpty || fields.IsEmpty
            || ReadSubtrees(ref fields, 0) is not { } permitted || ReadSubtrees(ref fields, 1) is not { } excluded || !fields.IsEmpty)
        {
            return null;
        }

        return new(permitted, excluded);
    }

    /// <summary>Returns a value that indicates whether all names of a certificate comply.</summary>
    /// <param name="certificate">A certificate below the authority.</param>
    /// <param name="budget">The number of comparisons that remain. The result does not count if it becomes negative.</param>
    public bool Allow(ParsedCertificate certificate, ref int budget)
    {
        var hasEmail = false;
        if (certificate.Extensions.AlternativeNames is { } names)
        {
            var reader = new DerReader(names);
            while (GeneralNames.TryRead(ref reader, out var name))
            {
                hasEmail |= name.Type == GeneralNameType.Email;
                if (!Allow(name, ref budget))
                    return false;
            }
        }

        if (certificate.Subject.Span.SequenceEqual(DistinguishedName.Empty))
            return true;
        if (!Allow(new GeneralName(GeneralNameType.Directory, certificate.Subject), ref budget))
            return false;

        // RFC 5280 section 4.2.1.10: the constraint "MUST be applied to the attribute of type emailAddress in the subject distinguished name".
        return hasEmail || !Has(GeneralNameType.Email) || AllowEmails(certificate.Subject, ref budget);
    }

    /// <summary>Returns a value that indicates whether a name complies.</summary>
    public bool Allow(GeneralName name, ref int budget)
    {
        budget -= permitted.Length + excluded.Length;
        if (budget < 0)
            return false;

        foreach (var subtree in excluded)
        {
            if (subtree.Type == name.Type && NameSubtree.MayContain(subtree, name))
                return false;
        }

        var isLimited = false;
        foreach (var subtree in permitted)
        {
            if (subtree.Type != name.Type)
                continue;
            isLimited = true;
            if (NameSubtree.Contains(subtree, name))
                return true;
        }

        return !isLimited;
    }

    private bool Has(GeneralNameType type) => permitted.Any(subtree => subtree.Type == type) || excluded.Any(subtree => subtree.Type == type);

    private bool AllowEmails(ReadOnlyMemory<byte> subject, ref int budget)
    {
        foreach (var address in DistinguishedName.FindEmailAddresses(subject))
        {
            if (!Allow(new GeneralName(GeneralNameType.Email, address), ref budget))
                return false;
        }

        return true;
    }

    // An absent field has no subtrees, and a present one at least one. RFC 5280: "the minimum MUST be zero, and maximum MUST be absent".
    private static ImmutableArray<GeneralName>? ReadSubtrees(ref DerReader fields, int number)
    {
        if (!fields.IsNext(DerReader.ContextConstructed(number)))
            return [];
        if (!fields.TryEnter(DerReader.ContextConstructed(number), out var subtrees) || subtrees.IsEmpty)
            return null;

        var result = ImmutableArray.CreateBuilder<GeneralName>();
        while (!subtrees.IsEmpty)
        {
            if (!subtrees.TryEnter(DerReader.Sequence, out var subtree) || !GeneralNames.TryRead(ref subtree, out var name) || !subtree.IsEmpty
                || !NameSubtree.IsWellFormed(name))
            {
                return null;
            }

            result.Add(name);
        }

        return result.ToImmutable();
    }
}
