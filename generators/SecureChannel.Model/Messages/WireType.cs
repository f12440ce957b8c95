namespace SecureChannel.Model.Messages;

/// <summary>The encoding of a field.</summary>
/// <param name="Kind">The kind of the wire type.</param>
/// <param name="Name">The name of the CLR type in code, with <c>?</c> if it is nullable.</param>
/// <param name="Method">For <see cref="WireKind.Value"/>, the suffix of <c>TryRead</c> and <c>Write</c>; for <see cref="WireKind.Converted"/>, the converter;
/// otherwise, empty.</param>
/// <param name="Size">The size in bytes if every value has the same size; otherwise, -1.</param>
/// <param name="Bound">The bound of a vector; null if its length is a variable-size integer, or if the type is not a vector.</param>
/// <param name="Element">The element of a list, the content of an optional, or the value of a dictionary; otherwise, null.</param>
/// <param name="Key">The key of a dictionary; otherwise, null.</param>
/// <param name="Items">The elements of a tuple; otherwise, empty.</param>
/// <param name="IsVector">True if a message is the content of a vector.</param>
/// <param name="IsRemainder">True if the field contains all remaining bytes without a length prefix; the message then has no field after it.</param>
public sealed record WireType(
    WireKind Kind,
    string Name,
    string Method = "",
    int Size = -1,
    ByteBound? Bound = null,
    WireType? Element = null,
    WireType? Key = null,
    EquatableArray<TupleItem> Items = default,
    bool IsVector = false,
    bool IsRemainder = false);

/// <summary>The bound of a vector in bytes.</summary>
/// <param name="Min">The minimum size.</param>
/// <param name="Max">The maximum size.</param>
public sealed record ByteBound(int Min, int Max);

/// <summary>An element of a tuple.</summary>
/// <param name="Name">The name of the element, such as <c>Item1</c>.</param>
/// <param name="Type">The wire type of the element.</param>
public sealed record TupleItem(string Name, WireType Type);

/// <summary>The kinds of wire types.</summary>
public enum WireKind
{
    /// <summary>A number, Boolean, UUID or time. Each such type has its own <c>TryRead</c> and <c>Write</c> method.</summary>
    Value,

    /// <summary>An enum that accepts unknown values.</summary>
    Enum,

    /// <summary>An enum that rejects unknown values.</summary>
    ClosedEnum,

    /// <summary>A string.</summary>
    Text,

    /// <summary><c>byte[]</c>.</summary>
    ByteArray,

    /// <summary><c>ReadOnlyMemory&lt;byte&gt;</c>.</summary>
    ByteMemory,

    /// <summary><c>ReadOnlySpan&lt;byte&gt;</c> in a ref struct.</summary>
    ByteSpan,

    /// <summary>Another message.</summary>
    Message,

    /// <summary>A type argument of a generic message, which is known only at run time.</summary>
    Argument,

    /// <summary>A type with a converter.</summary>
    Converted,

    /// <summary><c>optional&lt;T&gt;</c>.</summary>
    Optional,

    /// <summary>A tuple, encoded as its elements in order.</summary>
    Tuple,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A <c>List&lt;T&gt;</c>.</summary>
    List,

    /// <summary>An <c>IReadOnlyList&lt;T&gt;</c>, which is read as an array.</summary>
    ReadOnlyList,

    /// <summary>An <c>ImmutableArray&lt;T&gt;</c>.</summary>
    ImmutableArray,

    /// <summary>A <c>Dictionary&lt;TKey, TValue&gt;</c> or <c>IReadOnlyDictionary&lt;TKey, TValue&gt;</c>.</summary>
    Dictionary,

    /// <summary>An <c>ImmutableDictionary&lt;TKey, TValue&gt;</c>.</summary>
    ImmutableDictionary,
}
