using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Model.Messages;

/// <summary>The names that generated codecs use for types and namespaces.</summary>
internal static class CodeNames
{
    /// <summary>Gets a namespace's full name in code, without <c>global::</c>; empty for the global namespace.</summary>
    /// <param name="space">The namespace.</param>
    // Faster than ToDisplayString, whose many options take long to compile in a compiler that runs once.
    public static string FullNameOf(INamespaceSymbol space) => space switch
    {
        { IsGlobalNamespace: true } => "",
        { ContainingNamespace.IsGlobalNamespace: true } => Escape(space.Name),
        _ => $"{FullNameOf(space.ContainingNamespace)}.{Escape(space.Name)}",
    };

    /// <summary>Gets a type's full metadata name, such as <c>System.Collections.Generic.List`1</c>.</summary>
    /// <param name="type">The type.</param>
    public static string FullNameOf(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{FullNameOf(outer)}+{type.MetadataName}" : $"{FullNameOf(type.ContainingNamespace)}.{type.MetadataName}";

    /// <summary>Gets a name as an identifier in code: a keyword gets an <c>@</c>.</summary>
    /// <param name="name">The name.</param>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
