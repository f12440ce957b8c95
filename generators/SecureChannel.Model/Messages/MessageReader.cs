using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Model.Messages;

/// <summary>The reader of types with <c>[Message]</c> or <c>[Union]</c>.</summary>
public static class MessageReader
{
    /// <summary>Reads a message or union.</summary>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The model, or the problems that prevent one.</returns>
    public static MessageReading Read(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var problems = new List<MessageProblem>();
        var model = ReadModel(type, problems, cancellationToken);
        return new MessageReading(problems.Count == 0 ? model : null, new EquatableArray<MessageProblem>([.. problems]));
    }

    /// <summary>Determines whether a type is declared as a union.</summary>
    /// <param name="type">The type.</param>
    public static bool IsUnion(ISymbol type) => type.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "UnionAttribute"));

    private static MessageModel? ReadModel(INamedTypeSymbol type, List<MessageProblem> problems, CancellationToken cancellationToken)
    {
        var containing = ReadContainingTypes(type, problems, cancellationToken);
        var isUnion = IsUnion(type);
        if (isUnion && !(type.IsAbstract && type.IsRecord))
            problems.Add(Problem(MessageProblemKind.UnionNotAbstractRecord));
        else if (type.IsStatic)
            problems.Add(Problem(MessageProblemKind.Static));
        else if (type.IsAbstract && !isUnion)
            problems.Add(Problem(MessageProblemKind.AbstractMessage));

        var mayThrow = false;
        var union = isUnion ? UnionReader.Read(type, problems, cancellationToken) : null;
        var fields = isUnion || type.IsStatic ? default : FieldReader.Read(type, problems, out mayThrow, cancellationToken);
        if (RecursionFinder.Find(type) is { } way)
            problems.Add(Problem(MessageProblemKind.EndlessRecursion, [.. way]));
        if (problems.Count > 0)
            return null;

        return new MessageModel(
            CodeNames.FullNameOf(type.ContainingNamespace),
            containing,
            KeywordsOf(type),
            NameOf(type),
            FileNameOf(type),
            type.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "GeneratedCodeAttribute" }),
            KnownTypes.CodeOf(type),
            type.IsValueType,
            FieldReader.IsPlain(type),
            fields,
            mayThrow,
            union);
    }

    private static MessageProblem Problem(MessageProblemKind kind, params object[] arguments) => MessageProblem.Of(kind, "", arguments);

    private static EquatableArray<string> ReadContainingTypes(INamedTypeSymbol type, List<MessageProblem> problems, CancellationToken cancellationToken)
    {
        var containing = new List<string>();
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal)
                problems.Add(Problem(MessageProblemKind.FileLocal, outer.Name));
            if (!IsPartial(outer, cancellationToken))
                problems.Add(Problem(MessageProblemKind.NotPartial, outer.Name));
            if (!ReferenceEquals(outer, type))
                containing.Insert(0, $"{KeywordsOf(outer)} {NameOf(outer)}");
        }

        return new EquatableArray<string>([.. containing]);
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences.All(reference =>
        reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string KeywordsOf(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "partial interface",
        { IsRecord: true, IsValueType: true } => "partial record struct",
        { IsRecord: true } => "partial record",
        { IsValueType: true } => "partial struct",
        _ => "partial class",
    };

    private static string NameOf(INamedTypeSymbol type) => type.Arity == 0
        ? CodeNames.Escape(type.Name)
        : $"{CodeNames.Escape(type.Name)}<{string.Join(", ", type.TypeParameters.Select(parameter => CodeNames.Escape(parameter.Name)))}>";

    private static string FileNameOf(INamedTypeSymbol type)
    {
        var name = new StringBuilder(type.MetadataName);
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            name.Insert(0, outer.MetadataName + ".");
        if (!type.ContainingNamespace.IsGlobalNamespace)
            name.Insert(0, CodeNames.FullNameOf(type.ContainingNamespace) + ".");
        return name.Replace('`', '_').ToString();
    }
}
