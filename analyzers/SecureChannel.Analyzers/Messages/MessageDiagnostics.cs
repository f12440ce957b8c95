using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Messages;

/// <summary>The descriptors of the rules about messages, SCH1001 to SCH1021.</summary>
public static class MessageDiagnostics
{
    private const string Category = "SecureChannel.Messages";

    /// <summary>SCH1001: Message type must be partial.</summary>
    public static readonly DiagnosticDescriptor MessageNotPartial = new(
        "SCH1001",
        "Message type must be partial",
        "'{0}' is declared with [{1}], so '{2}' must be partial for the generator to add the codec",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A type with '[Message]' or '[Union]', or a type around it, is not 'partial'. The generator adds the codec to the message type itself and cannot " +
        "do so here. Without a codec the message cannot be sent or received.",
        HelpLinks.Of("SCH1001"));

    /// <summary>SCH1002: Message type cannot be file-local.</summary>
    public static readonly DiagnosticDescriptor FileLocalMessage = new(
        "SCH1002",
        "Message type cannot be file-local",
        "'{0}' cannot have a codec: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A message type, or a type around it, has the modifier 'file', so only its own file can refer to it. The generator writes the codec into another " +
        "file and cannot add it to this type.",
        HelpLinks.Of("SCH1002"));

    /// <summary>SCH1003: Type cannot be a message or union.</summary>
    public static readonly DiagnosticDescriptor InvalidMessageType = new(
        "SCH1003",
        "Type cannot be a message or union",
        "'{0}' cannot be a message or union: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A receiver constructs a message from its bytes, so a message type cannot be static or abstract. A union must be an abstract record, because its " +
        "cases derive from it. No codec is generated for any other type.",
        HelpLinks.Of("SCH1003"));

    /// <summary>SCH1004: Fields are declared in several parts of a type.</summary>
    public static readonly DiagnosticDescriptor UndefinedFieldOrder = new(
        "SCH1004",
        "Fields are declared in several parts of a type",
        "The position of field '{0}' is undefined: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The fields of a message are encoded in the order in which they are declared. C# defines no order between the parts of a partial type, so fields " +
        "in several parts have no defined order on the wire. No codec is generated.",
        HelpLinks.Of("SCH1004"));

    /// <summary>SCH1005: Message inherits fields from a base class.</summary>
    public static readonly DiagnosticDescriptor InheritedFields = new(
        "SCH1005",
        "Message inherits fields from a base class",
        "Encoding '{0}' would lose data: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A codec encodes only the fields that the message type itself declares. The fields of a base class would be missing at the receiver, and nothing " +
        "would report the loss. The generator therefore rejects the type.",
        HelpLinks.Of("SCH1005"));

    /// <summary>SCH1006: Message cannot be constructed from its fields.</summary>
    public static readonly DiagnosticDescriptor MessageNotConstructible = new(
        "SCH1006",
        "Message cannot be constructed from its fields",
        "'{0}' cannot be decoded: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A message is constructed from its fields when it is decoded. Here nothing can set one of the fields, or no constructor has only parameters that " +
        "match fields. No codec is generated.",
        HelpLinks.Of("SCH1006"));

    /// <summary>SCH1007: Field type has no encoding.</summary>
    public static readonly DiagnosticDescriptor UnsupportedType = new(
        "SCH1007",
        "Field type has no encoding",
        "Field '{0}' cannot be encoded: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The type of a field is not a built-in type, a message or a union, and it has no converter, so it has no encoding. A dictionary key must also be " +
        "a type whose values are equal exactly if their bytes are equal. No codec is generated.",
        HelpLinks.Of("SCH1007"));

    /// <summary>SCH1008: Length bound has no effect.</summary>
    public static readonly DiagnosticDescriptor BoundWithoutEffect = new(
        "SCH1008",
        "Length bound has no effect",
        "The length bound of '{0}' has no effect: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "'[ByteLength]' limits the bytes of a variable-length field, and '[ElementByteLength]' limits the bytes of each element of a list. This field, or " +
        "each of its elements, is encoded without a length, so the attribute has no effect. A reader could mistake it for a check.",
        HelpLinks.Of("SCH1008"));

    /// <summary>SCH1009: Length bound cannot be satisfied.</summary>
    public static readonly DiagnosticDescriptor ImpossibleBound = new(
        "SCH1009",
        "Length bound cannot be satisfied",
        "The length bound of '{0}' cannot be satisfied: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "No value has a size within this bound, so the message could be neither written nor read. A bound counts bytes, as in the RFCs, and not elements.",
        HelpLinks.Of("SCH1009"));

    /// <summary>SCH1010: [ClosedEnum] requires an enum.</summary>
    public static readonly DiagnosticDescriptor ClosedEnumWithoutEnum = new(
        "SCH1010",
        "[ClosedEnum] requires an enum",
        "[ClosedEnum] on '{0}' has no effect: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "'[ClosedEnum]' rejects enum values that have no name. This field does not contain an enum, so the attribute has no effect. A reader could " +
        "mistake it for a check.",
        HelpLinks.Of("SCH1010"));

    /// <summary>SCH1011: Converter does not match the field type.</summary>
    public static readonly DiagnosticDescriptor ConverterMismatch = new(
        "SCH1011",
        "Converter does not match the field type",
        "The converter of '{0}' does not match the field type: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A converter reads and writes exactly one type, the 'T' of the 'IConverter<T>' that it implements. The converter of this field is for a different " +
        "type, so the field has no encoding.",
        HelpLinks.Of("SCH1011"));

    /// <summary>SCH1012: [Remainder] is misplaced.</summary>
    public static readonly DiagnosticDescriptor MisplacedRemainder = new(
        "SCH1012",
        "[Remainder] is misplaced",
        "'{0}' cannot contain a remainder: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A field with '[Remainder]' contains all bytes up to the end of the message, or up to the end of the vector around it. It must be the last field, " +
        "and its type must be bytes. Otherwise nothing would be left for the fields after it.",
        HelpLinks.Of("SCH1012"));

    /// <summary>SCH1013: Version of a field is not valid.</summary>
    public static readonly DiagnosticDescriptor InvalidVersion = new(
        "SCH1013",
        "Version of a field is not valid",
        "The version of field '{0}' is not valid: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A field with '[Since(n)]' is neither written nor read when a connection uses a version below n. It must therefore follow all fields of earlier " +
        "versions and have a default value. Otherwise peers of different versions would read the same bytes differently, or the field would have no " +
        "value.",
        HelpLinks.Of("SCH1013"));

    /// <summary>SCH1014: Message has infinite size.</summary>
    public static readonly DiagnosticDescriptor InfiniteSize = new(
        "SCH1014",
        "Message has infinite size",
        "'{0}' has infinite size: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "This message always contains another message of its own type, directly or through other messages. Its size is infinite, so it can be neither " +
        "constructed nor written.",
        HelpLinks.Of("SCH1014"));

    /// <summary>SCH1015: Union tag must be an unsigned integer or an enum.</summary>
    public static readonly DiagnosticDescriptor UnsupportedTag = new(
        "SCH1015",
        "Union tag must be an unsigned integer or an enum",
        "The tag of union '{0}' is not valid: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The tag of a union identifies the case that follows it. It must be an unsigned integer of 8 to 64 bits or an enum. No codec is generated for a " +
        "union with another tag type.",
        HelpLinks.Of("SCH1015"));

    /// <summary>SCH1016: Union case is not valid.</summary>
    public static readonly DiagnosticDescriptor InvalidCase = new(
        "SCH1016",
        "Union case is not valid",
        "Union '{0}' has a case that is not valid: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A case of a union must be a '[Message]' that derives from the union, and its tag must be a value of the tag type. The tag type is 'byte' unless " +
        "'[Union]' names another. No codec is generated.",
        HelpLinks.Of("SCH1016"));

    /// <summary>SCH1017: Union is ambiguous.</summary>
    public static readonly DiagnosticDescriptor AmbiguousUnion = new(
        "SCH1017",
        "Union is ambiguous",
        "Union '{0}' is ambiguous: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Each tag of a union must identify one case, and each case must have one tag. Otherwise one encoding would have two meanings, or one value two " +
        "encodings. A value that was read must be written with the same bytes.",
        HelpLinks.Of("SCH1017"));

    /// <summary>SCH1018: Union has no cases.</summary>
    public static readonly DiagnosticDescriptor UnionWithoutCases = new(
        "SCH1018",
        "Union has no cases",
        "Union '{0}' has no cases: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A union without cases has no values. Nothing can be written, and every input is rejected.",
        HelpLinks.Of("SCH1018"));

    /// <summary>SCH1019: Unknown case cannot hold a tag and bytes.</summary>
    public static readonly DiagnosticDescriptor InvalidUnknownCase = new(
        "SCH1019",
        "Unknown case cannot hold a tag and bytes",
        "Union '{0}' cannot preserve unknown cases: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The type with '[UnknownCase]' preserves the tag and the bytes of a case that this version does not declare. It must be a record that is nested " +
        "in the union and derives from it, with exactly two parameters: a tag of the tag type and a 'ReadOnlyMemory<byte>'. This type does not match, so " +
        "no codec is generated.",
        HelpLinks.Of("SCH1019"));

    /// <summary>SCH1020: Variable-length field has no bound.</summary>
    public static readonly DiagnosticDescriptor UnboundedField = new(
        "SCH1020",
        "Variable-length field has no bound",
        "Field '{0}' has no length bound: {1}",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "A string, bytes, a list or a dictionary without '[ByteLength]' can be as long as the session allows for a whole message. A peer can therefore " +
        "send much more data in this field than the application expects.",
        HelpLinks.Of("SCH1020"));

    /// <summary>SCH1021: Two messages have the same code.</summary>
    public static readonly DiagnosticDescriptor DuplicateCode = new(
        "SCH1021",
        "Two messages have the same code",
        "The code of message '{0}' is not unique: {1}",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Two messages in one namespace have the same code. The code is all that a receiver knows before it reads the rest of a message. A program, a log " +
        "or a person that identifies messages by code alone can confuse the two.",
        HelpLinks.Of("SCH1021"));
}
