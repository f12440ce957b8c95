namespace SecureChannel.Model.Messages;

/// <summary>
/// The properties of a type with <c>[Message]</c> or <c>[Union]</c> that its codec depends on. The model contains no symbol, syntax or location and is compared
/// by value, so that an unrelated edit does not repeat the generation.
/// </summary>
/// <param name="Namespace">The type's namespace; empty for the global namespace.</param>
/// <param name="ContainingTypes">The declarations around it, outermost first, such as <c>partial class Outer</c>.</param>
/// <param name="Declaration">The declaration's keywords, such as <c>partial record struct</c>.</param>
/// <param name="Name">The type's name in its own code, with type parameters.</param>
/// <param name="FileName">The name of the generated file, unique in the assembly.</param>
/// <param name="HasGeneratedCode">True if the user's declaration has the attribute <c>GeneratedCode</c>, which a type can have only once.</param>
/// <param name="Code">The code that identifies the message on the wire; null if it occurs only inside other messages.</param>
/// <param name="IsValueType">True if the type is a struct.</param>
/// <param name="IsPlain">True if the type is a struct that contains only variables that are fields of the message: it can be filled in place.</param>
/// <param name="Fields">The fields in wire order.</param>
/// <param name="MayThrow">True if constructing the message runs the user's code, which can throw.</param>
/// <param name="Union">The cases of a union, which has no fields; null for any other message.</param>
public sealed record MessageModel(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Declaration,
    string Name,
    string FileName,
    bool HasGeneratedCode,
    int? Code,
    bool IsValueType,
    bool IsPlain,
    EquatableArray<FieldModel> Fields,
    bool MayThrow,
    UnionModel? Union);

/// <summary>A field of a message.</summary>
/// <param name="Name">The name of the property or field.</param>
/// <param name="Type">The field's wire type.</param>
/// <param name="Argument">The index of the constructor argument; -1 if the field is not an argument.</param>
/// <param name="Parameter">The name of the constructor parameter; empty if the field is not an argument.</param>
/// <param name="IsSet">True if the field is set by name.</param>
/// <param name="Since">The first version of the protocol that has the field; 0 if every version has it.</param>
public sealed record FieldModel(string Name, WireType Type, int Argument, string Parameter = "", bool IsSet = true, int Since = 0);

/// <summary>The cases of a union.</summary>
/// <param name="Tag">The wire type of the tag.</param>
/// <param name="Cases">The declared cases.</param>
/// <param name="Unknown">The case that preserves an undeclared tag; null if there is none.</param>
/// <param name="IsVector">True if each case is the content of a vector.</param>
/// <param name="Bound">The bound of that vector; null if its length is a variable-size integer.</param>
public sealed record UnionModel(WireType Tag, EquatableArray<CaseModel> Cases, UnknownCaseModel? Unknown, bool IsVector, ByteBound? Bound);

/// <summary>A declared case of a union.</summary>
/// <param name="Tag">The tag's value as code.</param>
/// <param name="TypeName">The name of the case in code.</param>
/// <param name="Name">The case's simple name.</param>
public sealed record CaseModel(string Tag, string TypeName, string Name);

/// <summary>The case of a union that preserves an undeclared tag and its content.</summary>
/// <param name="TypeName">The name of the case in code.</param>
/// <param name="Tag">The name of the property with the tag.</param>
/// <param name="Content">The name of the property with the content.</param>
/// <param name="MayThrow">True if constructing the case runs the user's code, which can throw.</param>
public sealed record UnknownCaseModel(string TypeName, string Tag, string Content, bool MayThrow);
