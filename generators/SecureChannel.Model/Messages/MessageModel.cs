namespace SecureChannel.Model.Messages;

/// <summary>
/// A type with <c>[Message]</c> or <c>[Union]</c>: what its codec needs. Holds no symbol, syntax or location, and two of equal content are equal, so that an
/// unrelated edit re-emits nothing.
/// </summary>
/// <param name="Namespace">The type's namespace; empty for the global one.</param>
/// <param name="ContainingTypes">The declarations around it, outermost first, such as <c>partial class Outer</c>.</param>
/// <param name="Declaration">The declaration's keywords, such as <c>partial record struct</c>.</param>
/// <param name="Name">The type as its own code names it, with type parameters.</param>
/// <param name="FileName">A name for the generated file, unique in the assembly.</param>
/// <param name="HasGeneratedCode">True if the user's declaration has the attribute <c>GeneratedCode</c>, which a type can have only once.</param>
/// <param name="Code">What tells the message apart on the wire; null if it occurs only inside others.</param>
/// <param name="IsValueType">Whether the type is a struct.</param>
/// <param name="IsPlain">Whether the type is a struct of nothing but variables that are fields of the message: it can be filled where it lies.</param>
/// <param name="Fields">The fields in the order of the wire.</param>
/// <param name="MayThrow">Whether making one runs code of the user's, which may throw.</param>
/// <param name="Union">The cases, if it is a union, which then has no fields; else null.</param>
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
/// <param name="Name">The property or field.</param>
/// <param name="Type">What it is on the wire.</param>
/// <param name="Argument">Which argument of the constructor it is; -1 if it is none.</param>
/// <param name="Parameter">The constructor's parameter; empty if it is none.</param>
/// <param name="IsSet">Whether it is set by name.</param>
/// <param name="Since">The first version of the protocol that has it; 0 if all have it.</param>
public sealed record FieldModel(string Name, WireType Type, int Argument, string Parameter = "", bool IsSet = true, int Since = 0);

/// <summary>The cases of a union.</summary>
/// <param name="Tag">The tag on the wire.</param>
/// <param name="Cases">The declared cases.</param>
/// <param name="Unknown">The case that keeps an undeclared tag; null if there is none.</param>
/// <param name="IsVector">Whether each case is the content of a vector.</param>
/// <param name="Bound">That vector's bound; null for a length that is a variable-size integer.</param>
public sealed record UnionModel(WireType Tag, EquatableArray<CaseModel> Cases, UnknownCaseModel? Unknown, bool IsVector, ByteBound? Bound);

/// <summary>A declared case of a union.</summary>
/// <param name="Tag">The tag's value as code.</param>
/// <param name="TypeName">The case as code names it.</param>
/// <param name="Name">The case's simple name.</param>
public sealed record CaseModel(string Tag, string TypeName, string Name);

/// <summary>The case of a union that keeps an undeclared tag.</summary>
/// <param name="TypeName">The case as code names it.</param>
/// <param name="Tag">The property with the tag.</param>
/// <param name="Content">The property with the content.</param>
/// <param name="MayThrow">Whether making one runs code of the user's, which may throw.</param>
public sealed record UnknownCaseModel(string TypeName, string Tag, string Content, bool MayThrow);
