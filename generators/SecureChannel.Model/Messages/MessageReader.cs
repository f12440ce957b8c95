using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Model.Messages;

/// <summary>Reads a type with <c>[Message]</c> or <c>[Union]</c>.</summary>
public static class MessageReader
{
    /// <summary>The metadata name of the attribute that declares a message.</summary>
    public const string MessageAttribute = "SecureChannel.MessageAttribute";

    /// <summary>The metadata name of the attribute that declares a union.</summary>
    public const string UnionAttribute = "SecureChannel.UnionAttribute";

    /// <summary>Reads a message or union.</summary>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Null if no codec can be made: the type is not partial, or something in it is not supported.</returns>
    public static MessageModel? Read(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (KeywordsOf(type, cancellationToken) is not { } declaration || ReadContainingTypes(type, cancellationToken) is not { } containing)
            return null;

        var isUnion = type.GetAttributes().Any(attribute => OurTypes.Is(attribute.AttributeClass, "UnionAttribute"));
        if (type.IsAbstract != isUnion || type.IsStatic)
            return null;

        var union = isUnion ? UnionReader.Read(type, cancellationToken) : null;
        var mayThrow = false;
        var fields = isUnion ? default : FieldReader.Read(type, out mayThrow, cancellationToken);
        if (isUnion ? union is null : fields is null)
            return null;

        return new MessageModel(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            containing,
            declaration,
            NameOf(type),
            FileNameOf(type),
            OurTypes.PrefixIn(type),
            CodeOf(type),
            type.IsValueType,
            fields ?? default,
            mayThrow,
            union);
    }

    private static int? CodeOf(INamedTypeSymbol type)
    {
        var attribute = type.GetAttributes().FirstOrDefault(attribute => OurTypes.Is(attribute.AttributeClass, "MessageAttribute"));
        return attribute?.ConstructorArguments is [{ Value: int code }] ? code : null;
    }

    private static EquatableArray<string>? ReadContainingTypes(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var containing = new List<string>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (KeywordsOf(outer, cancellationToken) is not { } declaration)
                return null;
            containing.Insert(0, $"{declaration} {NameOf(outer)}");
        }

        return new EquatableArray<string>([.. containing]);
    }

    private static string? KeywordsOf(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        // A type that a file keeps for itself cannot have a part in another file.
        if (type.IsFileLocal)
            return null;
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration || !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                return null;
        }

        return type switch
        {
            { TypeKind: TypeKind.Interface } => "partial interface",
            { IsRecord: true, IsValueType: true } => "partial record struct",
            { IsRecord: true } => "partial record",
            { IsValueType: true } => "partial struct",
            _ => "partial class",
        };
    }

    private static string NameOf(INamedTypeSymbol type) => type.Arity == 0
        ? OurTypes.Escape(type.Name)
        : $"{OurTypes.Escape(type.Name)}<{string.Join(", ", type.TypeParameters.Select(parameter => OurTypes.Escape(parameter.Name)))}>";

    private static string FileNameOf(INamedTypeSymbol type)
    {
        var name = new StringBuilder(type.MetadataName);
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            name.Insert(0, outer.MetadataName + ".");
        if (!type.ContainingNamespace.IsGlobalNamespace)
            name.Insert(0, type.ContainingNamespace.ToDisplayString() + ".");
        return name.Replace('`', '_').ToString();
    }
}
