using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SecureChannel.CompilerServices;

namespace SecureChannel.Tls13;

/// <summary>An extension of a type that the declaration of its message does not define. The content of the extension is stored unchanged.</summary>
internal interface IUnknownExtension
{
    /// <summary>Gets the type of the extension.</summary>
    ExtensionType Type { get; }
}

/// <summary>
/// A set of extension types. Each type below 64 is stored as one bit. Two types of 64 or more, such as a reserved one and that of the session parameters, are
/// stored in fields; further ones allocate a set.
/// </summary>
internal struct ExtensionTypes
{
    private ulong _low;
    private ExtensionType _high;
    private ExtensionType _secondHigh;
    private HashSet<ExtensionType>? _others;

    /// <summary>Tries to add a type.</summary>
    /// <returns>True if the type was added; false if the set contains it already.</returns>
    public bool Add(ExtensionType type)
    {
        if ((int)type < 64)
        {
            var bit = 1UL << (int)type;
            var isNew = (_low & bit) == 0;
            _low |= bit;
            return isNew;
        }

        if (type == _high || type == _secondHigh)
            return false;
        if (_high != default && _secondHigh != default)
            return (_others ??= []).Add(type);
        if (_high == default)
            _high = type;
        else
            _secondHigh = type;
        return true;
    }
}

/// <summary>The rules for the extensions of every message (RFC 9846 section 4.3).</summary>
internal static class ExtensionRules
{
    /// <summary>Checks a received block of extensions. Returns null if the block is valid.</summary>
    /// <param name="extensions">The extensions.</param>
    /// <param name="message">The name of the message that contains them.</param>
    /// <param name="offer">The offer of this endpoint; null if the peer may send other extensions, which are ignored.</param>
    /// <param name="unasked">An extension that is allowed although it was not offered.</param>
    public static SessionError? Check<TExtension>(ImmutableArray<TExtension> extensions, string message, ClientOffer? offer = null, ExtensionType? unasked = null)
        where TExtension : class, IUnion<TExtension, ExtensionType>
    {
        // RFC 9846 section 4.3: "There MUST NOT be more than one extension of the same type in a given extension block."
        var seen = default(ExtensionTypes);
        foreach (var extension in extensions)
        {
            var type = TExtension.TagOf(extension);
            if (!seen.Add(type))
                return Tls13Error.Illegal($"{message} contains the extension {NameOf(type)} twice.");

            // RFC 9846 section 4.3: an extension that "it recognizes and which is not specified for the message in which it appears" is an illegal_parameter.
            if (extension is IUnknownExtension && Enum.IsDefined(type))
                return Tls13Error.Illegal($"{message} contains the extension {NameOf(type)}, which is not allowed in that message.");

            // RFC 9846 section 4.3: for a response without a request, an endpoint "MUST abort the handshake with an "unsupported_extension" alert".
            // RFC 8701 section 3.1 does not allow an answer to a reserved extension either.
            if (offer is not null && type != unasked && (!offer.Has(type) || Grease.IsReserved(type)))
                return new SessionError(
                    SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.UnsupportedExtension,
                    $"{message} contains the extension {NameOf(type)}, which the client did not offer.");
        }

        return null;
    }

    /// <summary>Returns the extensions that are not null, in order.</summary>
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

    /// <summary>Returns the extension of one type, or null if there is none.</summary>
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
