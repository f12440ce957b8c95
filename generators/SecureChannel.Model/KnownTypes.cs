using Microsoft.CodeAnalysis;

namespace SecureChannel.Model;

/// <summary>Recognizes the symbols of SecureChannel types by name and namespace. Only this class knows the namespaces of these types.</summary>
public static class KnownTypes
{
    /// <summary>The metadata name of the attribute that declares a message.</summary>
    public const string MessageAttribute = "SecureChannel.MessageAttribute";

    /// <summary>The metadata name of the attribute that declares a union.</summary>
    public const string UnionAttribute = "SecureChannel.UnionAttribute";

    /// <summary>The metadata name of the attribute that declares a protocol.</summary>
    public const string ProtocolAttribute = "SecureChannel.ProtocolAttribute";

    /// <summary>The metadata name of the attribute that declares a handshake.</summary>
    public const string HandshakeAttribute = "SecureChannel.HandshakeAttribute";

    /// <summary>The metadata name of <c>[InState]</c>. Analyzers look up this attribute to detect a reference to SecureChannel.</summary>
    public const string InStateAttribute = "SecureChannel.CodeAnalysis.InStateAttribute";

    /// <summary>Determines whether an attribute has the given name and is declared in the namespace <c>SecureChannel</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="name">The name of the attribute's class.</param>
    public static bool Is(AttributeData attribute, string name) =>
        attribute.AttributeClass is { } type && type.Name == name && IsRoot(type.ContainingNamespace);

    /// <summary>Determines whether an attribute has the given name and is declared in the namespace <c>SecureChannel.CodeAnalysis</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="name">The name of the attribute's class.</param>
    public static bool IsCodeAnalysis(AttributeData attribute, string name) =>
        attribute.AttributeClass is { } type && type.Name == name && IsIn(type, "CodeAnalysis");

    /// <summary>Determines whether an attribute is declared in the namespace <c>SecureChannel</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    public static bool IsDeclared(AttributeData attribute) => IsRoot(attribute.AttributeClass?.ContainingNamespace);

    /// <summary>Determines whether an attribute is <c>[Protocol]</c> or <c>[Handshake]</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    public static bool IsDeclaration(AttributeData attribute) => Is(attribute, "ProtocolAttribute") || Is(attribute, "HandshakeAttribute");

    /// <summary>Determines whether an attribute is <c>[Message]</c> or <c>[Union]</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    public static bool IsMessageOrUnion(AttributeData attribute) => Is(attribute, "MessageAttribute") || Is(attribute, "UnionAttribute");

    /// <summary>Gets the code that <c>[Message]</c> assigns to a type, or null if the type has no such code.</summary>
    /// <param name="type">The type.</param>
    public static int? CodeOf(INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(attribute => Is(attribute, "MessageAttribute"))?.ConstructorArguments is [{ Value: int code }] ? code : null;

    /// <summary>Determines whether a type is a message: a type with <c>[Message]</c> or <c>[Union]</c>, or a type that implements a codec by hand.</summary>
    /// <param name="type">The type.</param>
    public static bool IsMessage(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(constraint => IsMessageInterface(constraint, type)),
        INamedTypeSymbol named => named.GetAttributes().Any(IsMessageOrUnion) || named.AllInterfaces.Any(implemented => IsMessageInterface(implemented, type)),
        _ => false,
    };

    /// <summary>Determines whether a type implements <c>ICodedMessage&lt;T&gt;</c> with itself as type argument.</summary>
    /// <param name="type">The type.</param>
    public static bool IsCodedMessage(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(implemented => implemented.Name == "ICodedMessage" && IsMessageInterface(implemented, type));

    /// <summary>Determines whether a type is a converter for another type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="converted">The type that is converted.</param>
    public static bool IsConverter(INamedTypeSymbol type, ITypeSymbol converted) => type.AllInterfaces.Any(implemented =>
        implemented is { Name: "IConverter", TypeArguments: [var argument] } && IsIn(implemented, "Messages") && SymbolEqualityComparer.Default.Equals(argument, converted));

    /// <summary>Determines whether a type is the interface of state tokens or the interface of sending lanes.</summary>
    /// <param name="type">The interface.</param>
    public static bool IsTokenInterface(ITypeSymbol type) => type.Name is "IStateToken" or "ISendLane" && IsIn(type, "CompilerServices");

    /// <summary>Determines whether a type is or derives from a class of the namespace <c>SecureChannel.Protocols</c>.</summary>
    /// <param name="type">The type.</param>
    /// <param name="name">The name of the class.</param>
    public static bool IsProtocolsClass(ITypeSymbol? type, string name)
    {
        for (; type is { TypeKind: TypeKind.Class }; type = type.BaseType)
        {
            if (type.Name == name && IsIn(type, "Protocols"))
                return true;
        }

        return false;
    }

    private static bool IsMessageInterface(ITypeSymbol candidate, ITypeSymbol self) =>
        candidate is INamedTypeSymbol { Name: "IMessage" or "ICodedMessage", TypeArguments: [var argument] }
        && IsIn(candidate, "Messages")
        && SymbolEqualityComparer.Default.Equals(argument, self);

    private static bool IsIn(ITypeSymbol type, string name) => type.ContainingNamespace is { } space && space.Name == name && IsRoot(space.ContainingNamespace);

    private static bool IsRoot(INamespaceSymbol? space) => space is { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true };
}
