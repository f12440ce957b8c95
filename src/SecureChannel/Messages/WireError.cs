namespace SecureChannel.Messages;

/// <summary>Where and why input was refused.</summary>
/// <param name="Offset">Where in the input, in bytes from its beginning.</param>
/// <param name="Path">The field, such as <c>Users[3].Name</c>; empty for the message itself.</param>
/// <param name="Reason">Why.</param>
public readonly record struct WireError(int Offset, string Path, WireErrorReason Reason)
{
    /// <summary>Why, in words; never holds content of the input other than lengths and tags.</summary>
    public string? Detail { get; init; }

    /// <summary>One sentence: where, and what was wrong.</summary>
    public override string ToString() =>
        $"{(string.IsNullOrEmpty(Path) ? "The message" : Path)} is refused at byte {Offset}: {Detail ?? Explain(Reason)}.";

    internal static string Explain(WireErrorReason reason) => reason switch
    {
        WireErrorReason.Truncated => "the input ends too early",
        WireErrorReason.LengthOutOfBounds => "the length lies outside its bound",
        WireErrorReason.NotMinimal => "the variable-size integer is not in its shortest form (RFC 9420 section 2.1.2)",
        WireErrorReason.NotBoolean => "a flag is neither 0 nor 1",
        WireErrorReason.InvalidText => "the text is not UTF-8",
        WireErrorReason.UnknownValue => "the value is none that is declared",
        WireErrorReason.OutOfRange => "the value lies outside the range of its type",
        WireErrorReason.TooDeep => $"messages are nested deeper than {WireReader.MaxDepth}",
        WireErrorReason.TrailingBytes => "bytes are left over",
        WireErrorReason.EmptyElement => "an element of a list has no bytes",
        WireErrorReason.NotAscending => "the keys of a map are not in strictly ascending order",
        WireErrorReason.NotCanonical => "the value would be written otherwise",
        WireErrorReason.Rejected => "the message's own check rejects it",
        _ => "no error",
    };
}

/// <summary>Why input was refused.</summary>
public enum WireErrorReason
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>The input, or the vector around it, ends before the field does.</summary>
    Truncated,

    /// <summary>A vector's length lies outside its declared bound.</summary>
    LengthOutOfBounds,

    /// <summary>A variable-size integer is not in its shortest form (RFC 9420 section 2.1.2).</summary>
    NotMinimal,

    /// <summary>A flag is neither 0 nor 1.</summary>
    NotBoolean,

    /// <summary>A string is not UTF-8 (RFC 3629).</summary>
    InvalidText,

    /// <summary>A closed enum or a union's tag has a value that is not declared.</summary>
    UnknownValue,

    /// <summary>A value lies outside the range of its type, such as a time after the year 9999.</summary>
    OutOfRange,

    /// <summary>Messages are nested deeper than <see cref="WireReader.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>Bytes are left over after the last field.</summary>
    TrailingBytes,

    /// <summary>An element of a list has no bytes, so that the list could have any number of them.</summary>
    EmptyElement,

    /// <summary>The message's constructor or setter threw, or a converter refused the value.</summary>
    Rejected,

    /// <summary>The keys of a map are not in strictly ascending order of their encoded bytes.</summary>
    NotAscending,

    /// <summary>A converter would write the value otherwise than it was read.</summary>
    NotCanonical,
}
