using System.Globalization;

namespace SecureChannel.Model.Messages;

/// <summary>
/// What was read of a type with <c>[Message]</c> or <c>[Union]</c>: its model, or why there is none. The generator takes the model and says nothing; rules take the
/// problems.
/// </summary>
/// <param name="Model">What a codec is emitted from; null if there is a problem.</param>
/// <param name="Problems">Why there is no model; empty if there is one.</param>
public sealed record MessageReading(MessageModel? Model, EquatableArray<MessageProblem> Problems);

/// <summary>One reason why no codec can be made for a type. Holds no location: whoever reports it finds the member by its name.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Member">The member or constructor parameter that it is about; empty for the type itself.</param>
/// <param name="Arguments">What <see cref="MessageProblemKind"/> says belongs to it.</param>
public sealed record MessageProblem(MessageProblemKind Kind, string Member, EquatableArray<string> Arguments)
{
    internal static MessageProblem Of(MessageProblemKind kind, string member, params object[] arguments) =>
        new(kind, member, new EquatableArray<string>([.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture))]));
}

/// <summary>The reasons why no codec can be made for a type. In brackets what the arguments of each are.</summary>
public enum MessageProblemKind
{
    /// <summary>The type, or one around it, is not partial. (That type.)</summary>
    NotPartial,

    /// <summary>The type, or one around it, is kept by one file for itself, so that no other file can have a part of it. (That type.)</summary>
    FileLocal,

    /// <summary>A message is static.</summary>
    Static,

    /// <summary>A message is abstract without being a union.</summary>
    AbstractMessage,

    /// <summary>A union is no abstract record.</summary>
    UnionNotAbstractRecord,

    /// <summary>Fields stand in several parts of the type, between which there is no order.</summary>
    UncertainOrder,

    /// <summary>A base class has state, which would not travel. (The base class.)</summary>
    InheritedState,

    /// <summary>No constructor takes only fields and leaves only what can be set. (A field that cannot be set; nothing if there is none.)</summary>
    NoConstructor,

    /// <summary>The field has a type that is none of the presentation language. (The type; why, if there is more to say than that.)</summary>
    UnsupportedType,

    /// <summary>The key of the dictionary has a type whose equality and encoding may differ, or whose hash an attacker may foresee. (The key's type.)</summary>
    UnsupportedKey,

    /// <summary><c>[ByteLength]</c> on what is no vector. (The type.)</summary>
    BoundWithoutVector,

    /// <summary><c>[ElementByteLength]</c> on what is no list of vectors. (The type.)</summary>
    ElementBoundWithoutVector,

    /// <summary>By <c>[ElementByteLength]</c> the elements of a list would have no bytes, so that a vector could have any number of them.</summary>
    ElementBoundWithoutBytes,

    /// <summary>The bound of <c>[ByteLength]</c> or <c>[ElementByteLength]</c> is negative, or its end lies before its beginning. (Min, max.)</summary>
    ImpossibleBound,

    /// <summary>No number of elements has a size within the bound. (Min, max, the size of an element.)</summary>
    BoundWithoutMultiple,

    /// <summary>A message, or the least element of a list, is larger than the vector that is to hold it. (Its type, its least size, the bound's greatest.)</summary>
    BoundBelowContent,

    /// <summary><c>[ClosedEnum]</c> on what holds no enum. (The type.)</summary>
    ClosedWithoutEnum,

    /// <summary>The converter is none for the field's type, or one within it. (The converter, the type.)</summary>
    ConverterMismatch,

    /// <summary><c>[Remainder]</c> on another type than bytes. (The type.)</summary>
    RemainderWithoutBytes,

    /// <summary><c>[Remainder]</c> on a field that is not the last. (The field after it.)</summary>
    RemainderNotLast,

    /// <summary>A message with <c>[Remainder]</c> as argument of a generic one, where it would take the bytes of the fields after it. (The type, the argument.)</summary>
    RemainderAsArgument,

    /// <summary>The version of <c>[Since]</c> is below 1. (The version.)</summary>
    SinceOutOfRange,

    /// <summary>A field of an earlier version comes after one of a later. (The version of the field before it, its own.)</summary>
    SinceOutOfOrder,

    /// <summary>A field with <c>[Since]</c> has no default: it is required, or a parameter that is not optional.</summary>
    SinceWithoutDefault,

    /// <summary>A message with <c>[Remainder]</c> has fields with <c>[Since]</c>: to an earlier version their bytes would be the remainder.</summary>
    SinceBesideRemainder,

    /// <summary>The message always holds another of its own type, and so has no end. (The way back to it, such as <c>Tree.Left</c>.)</summary>
    EndlessRecursion,

    /// <summary>The tag of a union is neither an unsigned integer nor an enum. (The type.)</summary>
    UnsupportedTag,

    /// <summary>A case of a union is no message that derives from it. (The case.)</summary>
    CaseNotDerived,

    /// <summary>A tag of a union is not of the tag's type, or larger than it. (The case, the tag.)</summary>
    TagOutOfRange,

    /// <summary>Two cases of a union have one tag. (The tag, the first case, the second.)</summary>
    DuplicateTag,

    /// <summary>One case has two tags, so that a value would have two encodings. (The case.)</summary>
    DuplicateCase,

    /// <summary>A union has no case at all.</summary>
    NoCase,

    /// <summary>The unknown case of a union is no record, nested in it and derived from it, with exactly a tag and bytes. (The case, the tag's type.)</summary>
    MalformedUnknownCase,
}
