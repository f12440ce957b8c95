namespace SecureChannel.Messages;

/// <summary>The offset, field and reason of a failure to read a message.</summary>
/// <param name="Offset">The offset in bytes from the beginning of the input.</param>
/// <param name="Path">The path of the field, such as <c>Users[3].Name</c>; empty for the message itself.</param>
/// <param name="Reason">The reason.</param>
public readonly record struct WireError(int Offset, string Path, WireErrorReason Reason)
{
    /// <summary>
    /// Gets an explanation of the reason, or null if there is none. It quotes lengths, tags, undeclared enum values and scales from the input, and the message of
    /// an exception with which a constructor or a converter rejected a value. Such an exception must not quote a secret.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>Returns a sentence that describes the error, or "no error" if there is none.</summary>
    public override string ToString() => Reason == WireErrorReason.None
        ? "no error"
        : $"{(string.IsNullOrEmpty(Path) ? "The message" : $"'{Path}'")} is invalid at byte {Offset}: {Detail ?? Explain(Reason)}.";

    internal static string Explain(WireErrorReason reason) => reason switch
    {
        WireErrorReason.Truncated => "the input ends before the end of the value",
        WireErrorReason.LengthOutOfBounds => "the length is outside its declared bounds",
        WireErrorReason.NotMinimal => "the variable-size integer is not in its shortest form (RFC 9420 section 2.1.2)",
        WireErrorReason.NotBoolean => "a Boolean must be 0 or 1",
        WireErrorReason.InvalidText => "the string is not valid UTF-8",
        WireErrorReason.UnknownValue => "the enum or union does not declare the value",
        WireErrorReason.OutOfRange => "the value is outside the range of its type",
        WireErrorReason.TooDeep => $"messages are nested deeper than {WireReader.MaxDepth} levels",
        WireErrorReason.TrailingBytes => "bytes are left after the last field",
        WireErrorReason.EmptyElement => "an element of a list has no bytes, but must have at least one",
        WireErrorReason.NotAscending => "the keys of a map are not in strictly ascending order",
        WireErrorReason.NotCanonical => "the bytes differ from those that the converter writes for the value",
        WireErrorReason.Rejected => "the message type or its converter rejected the value",
        _ => "no error",
    };
}

/// <summary>The reason of a failure to read a message.</summary>
public enum WireErrorReason
{
    /// <summary>There is no error.</summary>
    None,

    /// <summary>The input, or the vector around the field, ends before the end of the field.</summary>
    Truncated,

    /// <summary>The length of a vector is outside its declared bounds.</summary>
    LengthOutOfBounds,

    /// <summary>A variable-size integer is not in its shortest form (RFC 9420 section 2.1.2).</summary>
    NotMinimal,

    /// <summary>A Boolean is neither 0 nor 1.</summary>
    NotBoolean,

    /// <summary>A string is not valid UTF-8 (RFC 3629).</summary>
    InvalidText,

    /// <summary>The value of a closed enum, or the tag of a union, is not declared.</summary>
    UnknownValue,

    /// <summary>A value is outside the range of its type, such as a time after the year 9999.</summary>
    OutOfRange,

    /// <summary>Messages are nested deeper than <see cref="WireReader.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>Bytes are left after the last field.</summary>
    TrailingBytes,

    /// <summary>An element of a list has no bytes. A reader could not count such elements.</summary>
    EmptyElement,

    /// <summary>The constructor or a setter of the message threw an exception, or a converter rejected the value.</summary>
    Rejected,

    /// <summary>The keys of a map are not in strictly ascending order of their encoded bytes.</summary>
    NotAscending,

    /// <summary>The bytes differ from those that the converter writes for the value that it read.</summary>
    NotCanonical,
}
