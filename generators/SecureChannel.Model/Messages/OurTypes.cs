using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Model.Messages;

/// <summary>Recognizes the library's own types among symbols.</summary>
internal static class OurTypes
{
    private static readonly string[] NamesInCodecs = ["IMessage", "ICodedMessage", "IUnion", "WireReader", "WireWriter", "WireErrorReason"];

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

    /// <summary>Empty, or the namespace of our types if code in that namespace would find types of the user's under their names.</summary>
    public static string PrefixIn(INamedTypeSymbol message)
    {
        for (INamespaceOrTypeSymbol? scope = message; scope is not null; scope = (INamespaceOrTypeSymbol?)scope.ContainingType ?? scope.ContainingNamespace)
        {
            if (scope is INamespaceSymbol { Name: "Messages", ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } })
                return "";
            if (NamesInCodecs.Any(name => !scope.GetTypeMembers(name).IsEmpty))
                return "global::SecureChannel.Messages.";
        }

        return "";
    }

    /// <summary>A name as an identifier in code.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    private static bool IsMessageInterface(ITypeSymbol candidate, ITypeSymbol self) =>
        candidate is INamedTypeSymbol { Name: "IMessage" or "ICodedMessage", TypeArguments: [var argument] }
        && candidate.ContainingNamespace is { Name: "Messages", ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } }
        && SymbolEqualityComparer.Default.Equals(argument, self);
}
