using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Messages;

/// <summary>Which messages of a namespace have one code, and which of them protocols keep apart.</summary>
internal static class MessageCodes
{
    // A namespace and an assembly belong to one compilation: all messages of it share what was found.
    private static readonly ConditionalWeakTable<INamespaceSymbol, ILookup<int, INamedTypeSymbol>> CodesOfNamespaces = new();
    private static readonly ConditionalWeakTable<IAssemblySymbol, ILookup<ISymbol, INamedTypeSymbol>> ProtocolsOfAssemblies = new();

    /// <summary>Another message of the same namespace with the same code, unless protocols keep the two apart; null if there is none.</summary>
    public static INamedTypeSymbol? FindSame(INamedTypeSymbol message) => CodeOf(message) is not { } code
        ? null
        : CodesOfNamespaces.GetValue(message.ContainingNamespace, FindCodes)[code]
            .FirstOrDefault(other => !SymbolEqualityComparer.Default.Equals(other, message) && !AreApart(message, other));

    /// <summary>The code of a message; null if it has none, or the type is no message.</summary>
    public static int? CodeOf(INamedTypeSymbol type) => type.GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass is { Name: "MessageAttribute" } declared && IsOurs(declared))
        ?.ConstructorArguments is [{ Value: int code }] ? code : null;

    // Each belongs to a protocol, and none to both.
    private static bool AreApart(INamedTypeSymbol message, INamedTypeSymbol other)
    {
        var protocols = ProtocolsOfAssemblies.GetValue(message.ContainingAssembly, FindProtocols);
        return protocols[message].Any() && protocols[other].Any() && !protocols[message].Intersect<ISymbol>(protocols[other], SymbolEqualityComparer.Default).Any();
    }

    private static ILookup<int, INamedTypeSymbol> FindCodes(INamespaceSymbol scope) => scope.GetTypeMembers()
        .SelectMany(WithNested)
        .Select(type => (Type: type, Code: CodeOf(type)))
        .Where(found => found.Code is not null)
        .ToLookup(found => found.Code!.Value, found => found.Type);

    private static ILookup<ISymbol, INamedTypeSymbol> FindProtocols(IAssemblySymbol assembly) => TypesIn(assembly.GlobalNamespace)
        .Where(type => type.TypeKind == TypeKind.Enum && type.GetAttributes().Any(attribute =>
            attribute.AttributeClass is { Name: "ProtocolAttribute" or "HandshakeAttribute" } declared && IsOurs(declared)))
        .SelectMany(protocol => MessagesOf(protocol).Select(message => (Protocol: protocol, Message: message)))
        .ToLookup(found => found.Message, found => found.Protocol, SymbolEqualityComparer.Default);

    // What attributes of ours name on the enum and its members: [Client<Login>], [Anytime<Ping>].
    private static IEnumerable<ISymbol> MessagesOf(INamedTypeSymbol protocol) => protocol.GetMembers()
        .Append<ISymbol>(protocol)
        .SelectMany(member => member.GetAttributes())
        .Where(attribute => attribute.AttributeClass is { } declared && IsOurs(declared))
        .SelectMany(attribute => attribute.AttributeClass!.TypeArguments)
        .Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceSymbol scope) =>
        scope.GetTypeMembers().Concat(scope.GetNamespaceMembers().SelectMany(TypesIn));

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    private static bool IsOurs(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true };
}
