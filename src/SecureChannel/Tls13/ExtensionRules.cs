using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SecureChannel.CompilerServices;

namespace SecureChannel.Tls13;

/// <summary>An extension that a message's declaration does not have: it is kept as it came.</summary>
internal interface IUnknownExtension
{
    /// <summary>Its type.</summary>
    ExtensionType Type { get; }
}

/// <summary>A set of types: those of the RFC take a bit each, and one other no memory of its own.</summary>
internal struct ExtensionTypes
{
    private ulong _low;
    private ExtensionType _high;
    private HashSet<ExtensionType>? _others;

    /// <summary>Adds a type.</summary>
    /// <returns>Whether it was not there.</returns>
    public bool Add(ExtensionType type)
    {
        if ((int)type < 64)
        {
            var bit = 1UL << (int)type;
            var isNew = (_low & bit) == 0;
            _low |= bit;
            return isNew;
        }

        if (_high != default)
            return _high != type && (_others ??= []).Add(type);
        _high = type;
        return true;
    }
}

/// <summary>What holds for the extensions of every message (RFC 9846 section 4.3).</summary>
internal static class ExtensionRules
{
    /// <summary>Checks a block of extensions that has come.</summary>
    /// <param name="extensions">The block.</param>
    /// <param name="message">Which message it stands in.</param>
    /// <param name="offer">What this end asked for; null where the peer may send others, which are ignored.</param>
    /// <param name="unasked">An extension that need not have been asked for.</param>
    public static SessionError? Check<TExtension>(ImmutableArray<TExtension> extensions, string message, ClientOffer? offer = null, ExtensionType? unasked = null)
        where TExtension : class, IUnion<TExtension, ExtensionType>
    {
        // RFC 9846 section 4.3: "There MUST NOT be more than one extension of the same type in a given extension block."
        var seen = default(ExtensionTypes);
        foreach (var extension in extensions)
        {
            var type = TExtension.TagOf(extension);
            if (!seen.Add(type))
                return Refusal.Illegal($"{message} has the extension {NameOf(type)} twice.");

            // RFC 9846 section 4.3: what "it recognizes and which is not specified for the message in which it appears" is an illegal_parameter.
            if (extension is IUnknownExtension && Enum.IsDefined(type))
                return Refusal.Illegal($"{message} has the extension {NameOf(type)}, which has no place there.");

            // RFC 9846 section 4.3: a response that was not asked for "MUST abort the handshake with an "unsupported_extension" alert".
            if (offer?.Has(type) == false && type != unasked)
                return new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.UnsupportedExtension, $"{message} answers the extension {NameOf(type)}, which was not sent.");
        }

        return null;
    }

    /// <summary>A block of those that are there, in order.</summary>
    public static ImmutableArray<TExtension> Block<TExtension>(params ReadOnlySpan<TExtension?> extensions)
        where TExtension : class
    {
        var count = 0;
        foreach (var extension in extensions)
            count += extension is null ? 0 : 1;
        var block = new TExtension[count];
        foreach (var extension in extensions)
        {
            if (extension is not null)
                block[^count--] = extension;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(block);
    }

    /// <summary>The extension of one kind; null if there is none.</summary>
    public static TCase? Find<TExtension, TCase>(this ImmutableArray<TExtension> extensions)
        where TExtension : class
        where TCase : class, TExtension
    {
        foreach (var extension in extensions)
        {
            if (extension is TCase found)
                return found;
        }

        return null;
    }

    private static string NameOf(ExtensionType type) => Enum.IsDefined(type) ? type.ToString() : $"0x{(ushort)type:X4}";
}
