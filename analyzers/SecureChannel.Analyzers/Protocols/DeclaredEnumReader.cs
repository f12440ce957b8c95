using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>The reader of enums for the rules. An enum with the same syntax and the same <see cref="DeclaredSources"/> is not read again.</summary>
public static class DeclaredEnumReader
{
    private static readonly ConditionalWeakTable<EnumDeclarationSyntax, Entry> Entries = new();

    /// <summary>Reads an enum. Safe for concurrent use.</summary>
    /// <param name="syntax">The syntax of the enum.</param>
    /// <param name="semantics">The semantic model of the file.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The declaration, or null if the enum has neither <c>[Protocol]</c> nor <c>[Handshake]</c>.</returns>
    public static DeclaredEnum? Read(EnumDeclarationSyntax syntax, SemanticModel semantics, CancellationToken cancellationToken)
    {
        if (syntax.AttributeLists.Count == 0)
            return null;
        var sources = DeclaredSources.Of(semantics.Compilation);
        if (Entries.TryGetValue(syntax, out var entry) && entry.Sources.Equals(sources))
            return entry.Declaration;

        var declaration = semantics.GetDeclaredSymbol(syntax, cancellationToken) is { } symbol ? Read(syntax, symbol, cancellationToken) : null;
        Entries.Remove(syntax);
        // Another thread may have added the same entry.
        Entries.GetValue(syntax, _ => new Entry(sources, declaration));
        return declaration;
    }

    private static DeclaredEnum? Read(EnumDeclarationSyntax syntax, INamedTypeSymbol symbol, CancellationToken cancellationToken)
    {
        var anchors = symbol.GetAttributes().Where(KnownTypes.IsDeclaration).ToArray();
        if (anchors.Length == 0)
            return null;

        var model = DeclarationReader.Read(symbol, anchors[0], cancellationToken);
        var fields = DeclarationReader.MembersOf(symbol);
        return new DeclaredEnum(
            syntax,
            anchors[0].AttributeClass!.Name == "HandshakeAttribute" ? DeclarationKind.Handshake : DeclarationKind.Protocol,
            [.. anchors.Select(SyntaxOf)],
            anchors[0].ConstructorArguments is [{ Value: string name }] ? name : null,
            symbol.IsFileLocal,
            model,
            model is { Kind: DeclarationKind.Protocol } ? [.. TakenNames(symbol, model)] : [],
            [.. fields.Select((_, index) => ReadState(fields, index, cancellationToken)).OfType<DeclaredState>()],
            ReadTransitions(fields, null, symbol.GetAttributes(), cancellationToken));

        AttributeSyntax SyntaxOf(AttributeData attribute) => (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax(cancellationToken);
    }

    /// <summary>Finds the names of generated types that the namespace already contains outside the generated files.</summary>
    private static IEnumerable<string> TakenNames(INamedTypeSymbol symbol, DeclarationModel model)
    {
        foreach (var role in new[] { new RoleView(model, RoleModel.Client), new RoleView(model, RoleModel.Server) }.Where(role => role.IsComplete))
        {
            foreach (var name in new[] { role.ClassName, role.ExtensionsName })
            {
                var isTaken = symbol.ContainingNamespace.GetMembers(name).Any(member => member is INamespaceSymbol
                    || (member is INamedTypeSymbol { Arity: 0 } && member.DeclaringSyntaxReferences.Any(part => !part.SyntaxTree.FilePath.EndsWith(role.FileName, StringComparison.Ordinal))));
                if (isTaken)
                    yield return name;
            }
        }
    }

    private static DeclaredState? ReadState(IFieldSymbol[] fields, int index, CancellationToken cancellationToken)
    {
        if (fields[index].DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not EnumMemberDeclarationSyntax syntax)
            return null;
        var attributes = fields[index].GetAttributes();
        return new DeclaredState(
            syntax, Marker("FinalAttribute"), Marker("EstablishedAttribute"), Marker("DeadlineAttribute"),
            ReadTransitions(fields, index, attributes, cancellationToken));

        AttributeSyntax? Marker(string name) => attributes
            .FirstOrDefault(attribute => KnownTypes.Is(attribute, name))?.ApplicationSyntaxReference?.GetSyntax(cancellationToken) as AttributeSyntax;
    }

    private static DeclaredTransition[] ReadTransitions(
        IFieldSymbol[] fields, int? state, IEnumerable<AttributeData> attributes, CancellationToken cancellationToken)
    {
        var found = new List<DeclaredTransition>();
        foreach (var attribute in attributes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isAnytime = KnownTypes.Is(attribute, "AnytimeAttribute");
            var role = DeclarationReader.RoleOf(attribute);
            // The compiler reports unknown types.
            if ((!isAnytime && role is null)
                || attribute.AttributeClass!.TypeArguments is not [{ TypeKind: not TypeKind.Error } type]
                || attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
                continue;

            var loop = DeclarationReader.ReadAnytime(attribute, cancellationToken);
            var transition = state is { } from ? DeclarationReader.ReadTransition(fields, from, Transition.NotDeclared, attribute, cancellationToken) : null;
            found.Add(new DeclaredTransition(
                syntax,
                isAnytime ? loop?.Role : role,
                isAnytime,
                (type as INamedTypeSymbol) is { } named ? DeclarationReader.ReadMessage(named, cancellationToken) : null,
                type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                isAnytime ? TargetKind.State : TargetOf(fields, attribute),
                transition?.Authenticates,
                transition?.CarriesEphemeralKey ?? false,
                transition is not null ? 1 : loop?.Senders.Count() ?? 0));
        }

        return [.. found];
    }

    private static TargetKind TargetOf(IFieldSymbol[] fields, AttributeData attribute)
    {
        if (attribute.ConstructorArguments is not [{ Kind: not TypedConstantKind.Error } target])
            return TargetKind.Invalid;
        var isState = target.Kind == TypedConstantKind.Enum
            && fields.Any(field => SymbolEqualityComparer.Default.Equals(target.Type, field.ContainingType) && Equals(field.ConstantValue, target.Value));
        return isState ? TargetKind.State : TargetKind.Other;
    }

    private sealed class Entry(DeclaredSources sources, DeclaredEnum? declaration)
    {
        public DeclaredSources Sources { get; } = sources;

        public DeclaredEnum? Declaration { get; } = declaration;
    }
}
