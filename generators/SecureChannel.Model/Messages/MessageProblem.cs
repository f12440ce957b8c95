using System.Globalization;

namespace SecureChannel.Model.Messages;

/// <summary>
/// The result of reading a type with <c>[Message]</c> or <c>[Union]</c>: a model, or the problems that prevent a model. The generator uses the model and
/// reports nothing; the analyzers report the problems.
/// </summary>
/// <param name="Model">The model that a codec is generated from; null if there is a problem.</param>
/// <param name="Problems">The problems; empty if there is a model.</param>
public sealed record MessageReading(MessageModel? Model, EquatableArray<MessageProblem> Problems);

/// <summary>A reason why a type has no codec. A problem contains no location: the analyzer that reports the problem finds the member by name.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Member">The name of the member or constructor parameter with the problem; empty for the type itself.</param>
/// <param name="Arguments">The details that <see cref="MessageProblemKind"/> lists for the kind.</param>
public sealed record MessageProblem(MessageProblemKind Kind, string Member, EquatableArray<string> Arguments)
{
    internal static MessageProblem Of(MessageProblemKind kind, string member, params object[] arguments) =>
        new(kind, member, new EquatableArray<string>([.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture))]));
}

/// <summary>The reasons why a type has no codec. The parentheses list what a problem of the kind has in its <see cref="MessageProblem.Arguments"/>.</summary>
public enum MessageProblemKind
{
    /// <summary>The type or a containing type is not partial. (The type that is not partial.)</summary>
    NotPartial,

    /// <summary>The type or a containing type is file-local, so that a generated file cannot extend it. (The file-local type.)</summary>
    FileLocal,

    /// <summary>A message is static.</summary>
    Static,

    /// <summary>A message is abstract but not a union.</summary>
    AbstractMessage,

    /// <summary>A union is not an abstract record.</summary>
    UnionNotAbstractRecord,

    /// <summary>Fields are declared in several parts of a partial type, so that the order of the fields is undefined.</summary>
    UncertainOrder,

    /// <summary>A base class has fields, which would not be encoded. (The base class.)</summary>
    InheritedState,

    /// <summary>
    /// No constructor has only parameters that match fields, including every field that cannot be set. The member is such a field, if there is one.
    /// </summary>
    NoConstructor,

    /// <summary>The type of a field has no encoding. (The type, the reason.)</summary>
    UnsupportedType,

    /// <summary>The type of a field does not exist. The compiler reports it. (The type.)</summary>
    MissingType,

    /// <summary>
    /// The type of a dictionary key is not supported: equality of keys can differ from equality of their encodings, or an attacker can predict the hash of a
    /// key. (The key's type.)
    /// </summary>
    UnsupportedKey,

    /// <summary>A field with <c>[ByteLength]</c> is not a vector. (The type.)</summary>
    BoundWithoutVector,

    /// <summary>A field with <c>[ElementByteLength]</c> does not contain a list of vectors. (The type.)</summary>
    ElementBoundWithoutVector,

    /// <summary><c>[ElementByteLength]</c> allows only elements without bytes, so that a vector could contain any number of them.</summary>
    ElementBoundWithoutBytes,

    /// <summary>The bound of <c>[ByteLength]</c> or <c>[ElementByteLength]</c> is negative, or its maximum is below its minimum. (Minimum, maximum.)</summary>
    ImpossibleBound,

    /// <summary>The elements of a list have a fixed size, and the bound allows no multiple of that size. (Minimum, maximum, size of an element.)</summary>
    BoundWithoutMultiple,

    /// <summary>
    /// A message or list element is always larger than the vector that contains it. (The content's type, the content's minimum size, the bound's maximum.)
    /// </summary>
    BoundBelowContent,

    /// <summary>The type of a field with <c>[ClosedEnum]</c> contains no enum. (The type.)</summary>
    ClosedWithoutEnum,

    /// <summary>The converter does not convert the field's type or a type within it. (The converter, the type.)</summary>
    ConverterMismatch,

    /// <summary>A field with <c>[Remainder]</c> is not a sequence of bytes. (The type.)</summary>
    RemainderWithoutBytes,

    /// <summary>A field with <c>[Remainder]</c> is not the last field. (The next field.)</summary>
    RemainderNotLast,

    /// <summary>
    /// A type argument of a generic message has <c>[Remainder]</c>, so that it would consume the fields that follow. (The type, the argument.)
    /// </summary>
    RemainderAsArgument,

    /// <summary>The version of <c>[Since]</c> is below 1. (The version.)</summary>
    SinceOutOfRange,

    /// <summary>A field of an earlier version follows a field of a later version. (The version of the preceding field, the field's version.)</summary>
    SinceOutOfOrder,

    /// <summary>A field with <c>[Since]</c> has no default value: the field is required, or its constructor parameter is not optional.</summary>
    SinceWithoutDefault,

    /// <summary>A message with <c>[Remainder]</c> has fields with <c>[Since]</c>, whose bytes an earlier version would read as the remainder.</summary>
    SinceBesideRemainder,

    /// <summary>The message always contains a message of its own type and so has infinite size. (The path, such as <c>Tree.Left</c>.)</summary>
    EndlessRecursion,

    /// <summary>The tag of a union is neither an unsigned integer nor an enum. (The type.)</summary>
    UnsupportedTag,

    /// <summary>A case of a union is not a message that derives from the union. (The case.)</summary>
    CaseNotDerived,

    /// <summary>The tag of a case is not a value of the tag's type. (The case, the tag.)</summary>
    TagOutOfRange,

    /// <summary>Two cases of a union have the same tag. (The tag, the first case, the second case.)</summary>
    DuplicateTag,

    /// <summary>One case has two tags, so that a value would have two encodings. (The case.)</summary>
    DuplicateCase,

    /// <summary>A union has no cases.</summary>
    NoCase,

    /// <summary>
    /// The unknown case of a union is not a nested record that derives from the union and contains exactly a tag and bytes. (The case, the tag's type.)
    /// </summary>
    MalformedUnknownCase,
}
