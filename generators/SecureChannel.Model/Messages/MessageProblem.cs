using System.Globalization;

namespace SecureChannel.Model.Messages;

/// <summary>
/// The result of reading a type with <c>[Message]</c> or <c>[Union]</c>: its model, or the problems that prevent one. The generator uses the model and reports
/// nothing; the analyzers report the problems.
/// </summary>
/// <param name="Model">The model that a codec is generated from; null if there is a problem.</param>
/// <param name="Problems">The problems; empty if there is a model.</param>
public sealed record MessageReading(MessageModel? Model, EquatableArray<MessageProblem> Problems);

/// <summary>A reason why a type has no codec. It contains no location: the analyzer that reports it finds the member by name.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Member">The name of the member or constructor parameter with the problem; empty for the type itself.</param>
/// <param name="Arguments">The details that <see cref="MessageProblemKind"/> lists for the kind.</param>
public sealed record MessageProblem(MessageProblemKind Kind, string Member, EquatableArray<string> Arguments)
{
    internal static MessageProblem Of(MessageProblemKind kind, string member, params object[] arguments) =>
        new(kind, member, new EquatableArray<string>([.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture))]));
}

/// <summary>The reasons why a type has no codec. The arguments of each problem are in parentheses.</summary>
public enum MessageProblemKind
{
    /// <summary>The type or a type around it is not partial. (That type.)</summary>
    NotPartial,

    /// <summary>The type or a type around it is file-local, so that no other file can contain a part of it. (That type.)</summary>
    FileLocal,

    /// <summary>A message is static.</summary>
    Static,

    /// <summary>A message is abstract but not a union.</summary>
    AbstractMessage,

    /// <summary>A union is not an abstract record.</summary>
    UnionNotAbstractRecord,

    /// <summary>Fields are declared in several parts of the type, so that their order is undefined.</summary>
    UncertainOrder,

    /// <summary>A base class has fields, which would not be encoded. (The base class.)</summary>
    InheritedState,

    /// <summary>No constructor accepts only fields and leaves only settable fields. The member is a field that cannot be set, if there is one.</summary>
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

    /// <summary><c>[ByteLength]</c> on a type that is not a vector. (The type.)</summary>
    BoundWithoutVector,

    /// <summary><c>[ElementByteLength]</c> on a type that is not a list of vectors. (The type.)</summary>
    ElementBoundWithoutVector,

    /// <summary><c>[ElementByteLength]</c> allows only elements without bytes, so that a vector could contain any number of them.</summary>
    ElementBoundWithoutBytes,

    /// <summary>The bound of <c>[ByteLength]</c> or <c>[ElementByteLength]</c> is negative, or its maximum is below its minimum. (Minimum, maximum.)</summary>
    ImpossibleBound,

    /// <summary>The elements have a fixed size, and the bound contains no multiple of it. (Minimum, maximum, size of an element.)</summary>
    BoundWithoutMultiple,

    /// <summary>
    /// A message or the smallest element of a list is larger than the vector that contains it. (Its type, its minimum size, the bound's maximum.)
    /// </summary>
    BoundBelowContent,

    /// <summary><c>[ClosedEnum]</c> on a type that contains no enum. (The type.)</summary>
    ClosedWithoutEnum,

    /// <summary>The converter does not convert the field's type or a type within it. (The converter, the type.)</summary>
    ConverterMismatch,

    /// <summary><c>[Remainder]</c> on a type other than bytes. (The type.)</summary>
    RemainderWithoutBytes,

    /// <summary><c>[Remainder]</c> on a field that is not the last. (The field after it.)</summary>
    RemainderNotLast,

    /// <summary>
    /// A message with <c>[Remainder]</c> as type argument of a message, where it would include the bytes of the fields after it. (The type, the argument.)
    /// </summary>
    RemainderAsArgument,

    /// <summary>The version of <c>[Since]</c> is below 1. (The version.)</summary>
    SinceOutOfRange,

    /// <summary>A field of an earlier version follows a field of a later version. (The version of the field before it, its own version.)</summary>
    SinceOutOfOrder,

    /// <summary>A field with <c>[Since]</c> has no default: it is required, or a parameter that is not optional.</summary>
    SinceWithoutDefault,

    /// <summary>A message with <c>[Remainder]</c> has fields with <c>[Since]</c>, whose bytes an earlier version would read as the remainder.</summary>
    SinceBesideRemainder,

    /// <summary>The message always contains a message of its own type and so has infinite size. (The path back to it, such as <c>Tree.Left</c>.)</summary>
    EndlessRecursion,

    /// <summary>The tag of a union is neither an unsigned integer nor an enum. (The type.)</summary>
    UnsupportedTag,

    /// <summary>A case of a union is not a message that derives from it. (The case.)</summary>
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
    /// The unknown case of a union is not a nested record that derives from it and contains exactly a tag and bytes. (The case, the tag's type.)
    /// </summary>
    MalformedUnknownCase,
}
