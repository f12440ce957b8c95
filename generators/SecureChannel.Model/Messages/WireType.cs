namespace SecureChannel.Model.Messages;

/// <summary>What a field is on the wire.</summary>
/// <param name="Kind">Its family.</param>
/// <param name="Name">The CLR type as code names it, with <c>?</c> where it is nullable.</param>
/// <param name="Method">For <see cref="WireKind.Value"/>, what follows <c>TryRead</c> and <c>Write</c>; for <see cref="WireKind.Converted"/> the converter; else empty.</param>
/// <param name="Size">The size in bytes, where every value has the same; else -1.</param>
/// <param name="Bound">The vector's bound; null for a length that is a variable-size integer, and where there is no vector.</param>
/// <param name="Element">What a list holds, what is optional, or the value of a dictionary; else null.</param>
/// <param name="Key">The key of a dictionary; else null.</param>
/// <param name="Items">The elements of a tuple; else none.</param>
/// <param name="IsVector">Whether a message is the content of a vector.</param>
/// <param name="IsRemainder">Whether it is all that is left, without a length: then the message has no field after it.</param>
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

/// <summary>A vector's bound in bytes.</summary>
/// <param name="Min">The least size.</param>
/// <param name="Max">The greatest size.</param>
public sealed record ByteBound(int Min, int Max);

/// <summary>An element of a tuple.</summary>
/// <param name="Name">Its name, such as <c>Item1</c>.</param>
/// <param name="Type">What it is on the wire.</param>
public sealed record TupleItem(string Name, WireType Type);

/// <summary>The families of wire types.</summary>
public enum WireKind
{
    /// <summary>A number, flag, UUID or time: one method reads it, one writes it.</summary>
    Value,

    /// <summary>An enum that keeps unknown values.</summary>
    Enum,

    /// <summary>An enum that refuses unknown values.</summary>
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

    /// <summary>The argument of a generic message, of which only the run time knows what it is.</summary>
    Argument,

    /// <summary>What a converter reads and writes.</summary>
    Converted,

    /// <summary><c>optional&lt;T&gt;</c>.</summary>
    Optional,

    /// <summary>A tuple: its elements, one after the other.</summary>
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
