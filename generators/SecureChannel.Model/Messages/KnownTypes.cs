using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Model.Messages;

/// <summary>Recognizes the library's own types among symbols.</summary>
internal static class KnownTypes
{
    /// <summary>Whether a type is the one of that name in the namespace <c>SecureChannel</c>.</summary>
    public static bool Is(INamedTypeSymbol? type, string name) =>
        type is { ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;

    /// <summary>Whether a type is a message: declared as one, or with a codec of its own.</summary>
    public static bool IsMessage(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(constraint => IsMessageInterface(constraint, type)),
        INamedTypeSymbol named => named.GetAttributes().Any(attribute => Is(attribute.AttributeClass, "MessageAttribute") || Is(attribute.AttributeClass, "UnionAttribute"))
            || named.AllInterfaces.Any(implemented => IsMessageInterface(implemented, type)),
        _ => false,
    };

    /// <summary>Whether a message ends with all bytes that are left, so that inside of others it needs a vector around it.</summary>
    public static bool IsOpenEnded(ITypeSymbol type) => type is INamedTypeSymbol named && IsMessage(named)
        && (named.GetMembers().Any(HasRemainder) || named.InstanceConstructors.Any(constructor => constructor.Parameters.Any(HasRemainder)));

    /// <summary>Whether a type is a converter for another.</summary>
    public static bool IsConverter(INamedTypeSymbol type, ITypeSymbol converted) => type.AllInterfaces.Any(candidate =>
        candidate is { Name: "IConverter", TypeArguments: [var argument] } && IsInMessages(candidate) && SymbolEqualityComparer.Default.Equals(argument, converted));

    /// <summary>A namespace in full, as in code, without <c>global::</c>; empty for the global one.</summary>
    // A symbol's display knows a hundred options, which take long to compile in a compiler that runs once.
    public static string FullNameOf(INamespaceSymbol @namespace) => @namespace switch
    {
        { IsGlobalNamespace: true } => "",
        { ContainingNamespace.IsGlobalNamespace: true } => Escape(@namespace.Name),
        _ => $"{FullNameOf(@namespace.ContainingNamespace)}.{Escape(@namespace.Name)}",
    };

    /// <summary>A type in full, without <c>global::</c>, and its number of parameters, such as <c>System.Collections.Generic.List`1</c>.</summary>
    public static string FullNameOf(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{FullNameOf(outer)}+{type.MetadataName}" : $"{FullNameOf(type.ContainingNamespace)}.{type.MetadataName}";

    /// <summary>A name as an identifier in code.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    private static bool IsMessageInterface(ITypeSymbol candidate, ITypeSymbol self) =>
        candidate is INamedTypeSymbol { Name: "IMessage" or "ICodedMessage", TypeArguments: [var argument] }
        && IsInMessages(candidate)
        && SymbolEqualityComparer.Default.Equals(argument, self);

    private static bool IsInMessages(ISymbol type) => type.ContainingNamespace is { } @namespace && IsMessages(@namespace);

    private static bool IsMessages(INamespaceSymbol @namespace) =>
        @namespace is { Name: "Messages", ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool HasRemainder(ISymbol member) => member.GetAttributes().Any(attribute => Is(attribute.AttributeClass, "RemainderAttribute"));
}
