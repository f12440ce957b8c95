using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using SecureChannel.Model;

namespace SecureChannel.Analyzers.Messages;

/// <summary>The messages of a namespace that have the same code and do not belong to different protocols.</summary>
internal static class MessageCodes
{
    // A namespace and an assembly belong to one compilation, so all messages of it share the result.
    private static readonly ConditionalWeakTable<INamespaceSymbol, ILookup<int, INamedTypeSymbol>> CodesOfNamespaces = new();
    private static readonly ConditionalWeakTable<IAssemblySymbol, ILookup<ISymbol, INamedTypeSymbol>> ProtocolsOfAssemblies = new();

    /// <summary>Finds another message of the namespace with the same code, unless the two messages belong to different protocols.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The other message, or null if there is none.</returns>
    public static INamedTypeSymbol? FindSame(INamedTypeSymbol message) => KnownTypes.CodeOf(message) is not { } code
        ? null
        : CodesOfNamespaces.GetValue(message.ContainingNamespace, FindCodes)[code]
            .FirstOrDefault(other => !SymbolEqualityComparer.Default.Equals(other, message) && !AreInDifferentProtocols(message, other));

    // Each belongs to a protocol, and no protocol contains both.
    private static bool AreInDifferentProtocols(INamedTypeSymbol message, INamedTypeSymbol other)
    {
        var protocols = ProtocolsOfAssemblies.GetValue(message.ContainingAssembly, FindProtocols);
        return protocols[message].Any() && protocols[other].Any() && !protocols[message].Intersect<ISymbol>(protocols[other], SymbolEqualityComparer.Default).Any();
    }

    private static ILookup<int, INamedTypeSymbol> FindCodes(INamespaceSymbol scope) => scope.GetTypeMembers()
        .SelectMany(WithNested)
        .Select(type => (Type: type, Code: KnownTypes.CodeOf(type)))
        .Where(found => found.Code is not null)
        .ToLookup(found => found.Code!.Value, found => found.Type);

    private static ILookup<ISymbol, INamedTypeSymbol> FindProtocols(IAssemblySymbol assembly) => TypesIn(assembly.GlobalNamespace)
        .Where(type => type.TypeKind == TypeKind.Enum && type.GetAttributes().Any(KnownTypes.IsDeclaration))
        .SelectMany(protocol => MessagesOf(protocol).Select(message => (Protocol: protocol, Message: message)))
        .ToLookup(found => found.Message, found => found.Protocol, SymbolEqualityComparer.Default);

    // The type arguments of SecureChannel's attributes on the enum and its members, such as [Client<Login>] and [Anytime<Ping>].
    private static IEnumerable<ISymbol> MessagesOf(INamedTypeSymbol protocol) => protocol.GetMembers()
        .Append<ISymbol>(protocol)
        .SelectMany(member => member.GetAttributes())
        .Where(KnownTypes.IsDeclared)
        .SelectMany(attribute => attribute.AttributeClass!.TypeArguments)
        .Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceSymbol scope) =>
        scope.GetTypeMembers().Concat(scope.GetNamespaceMembers().SelectMany(TypesIn));

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);
}
