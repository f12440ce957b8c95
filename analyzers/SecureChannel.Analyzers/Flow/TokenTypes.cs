using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What a method does with the token that it is called on.</summary>
internal enum Step
{
    /// <summary>It is no operation of a token.</summary>
    None,

    /// <summary>It leads back to its own state: the token is busy until the task has been awaited, and valid then.</summary>
    Stays,

    /// <summary>It uses the token up.</summary>
    Leads,
}

/// <summary>Tells state tokens, replies, channels and what carries them, from source or metadata. One for each compilation; thread-safe.</summary>
internal sealed class TokenTypes
{
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _tokens = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the type is a state token, or stands for any of them.</summary>
    public bool IsToken(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Struct } => _tokens.GetOrAdd(type, token => token.AllInterfaces.Any(IsTokenInterface)),
        ITypeParameterSymbol parameter => _tokens.GetOrAdd(parameter, token => ((ITypeParameterSymbol)token).ConstraintTypes.Any(IsTokenInterface)),
        _ => false,
    };

    /// <summary>Whether nothing can be sent or received any more.</summary>
    public bool IsFinal(ITypeSymbol token) => token is INamedTypeSymbol && !token.GetMembers().OfType<IMethodSymbol>().Any(method => StepOf(method) != Step.None);

    /// <summary>Whether the type is the abstract record of what may arrive in a state.</summary>
    public bool IsReply(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Reply", IsAbstract: true, IsRecord: true, ContainingType: { } state } && IsToken(state);

    /// <summary>Whether the type is one of the records of what may arrive in a state.</summary>
    public bool IsReplyCase(ITypeSymbol? type) => type is { BaseType: { } reply } && IsReply(reply);

    /// <summary>The cases of a reply, in the order of the declaration.</summary>
    public static IEnumerable<INamedTypeSymbol> CasesOf(ITypeSymbol reply) =>
        reply.ContainingType.GetTypeMembers().Where(type => SymbolEqualityComparer.Default.Equals(type.BaseType, reply));

    /// <summary>The tokens in a value of the type: itself, an element of a tuple, what follows a message of a reply.</summary>
    public IEnumerable<ITypeSymbol> TokensIn(ITypeSymbol? type)
    {
        if (type is null)
            return [];
        if (IsToken(type))
            return [type];
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return TokensIn(nullable.TypeArguments[0]);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return tuple.TupleElements.SelectMany(element => TokensIn(element.Type));
        if (IsReply(type))
            return CasesOf(type).SelectMany(TokensIn);
        return IsReplyCase(type) ? type.GetMembers().OfType<IPropertySymbol>().Select(property => property.Type).Where(IsToken) : [];
    }

    /// <summary>The states that a value of which nothing else is known is in; none if it is nothing that is followed.</summary>
    public States InitialOf(ITypeSymbol? type)
    {
        if (TokensIn(type).Any())
            return States.Valid;
        if (IsChannel(type))
            return States.Unknown | States.Unbegun;
        return type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Any(element => IsChannel(element.Type)) ? States.Valid : States.None;
    }

    /// <summary>What a method does with the token that it is called on.</summary>
    public Step StepOf(IMethodSymbol method)
    {
        if (method is not { IsStatic: false, MethodKind: MethodKind.Ordinary, IsOverride: false, DeclaredAccessibility: Accessibility.Public } || !IsToken(method.ContainingType))
            return Step.None;
        return Tasks.IsTask(method.ReturnType) && Tasks.ResultOf(method.ReturnType) is null ? Step.Stays
            : TokensIn(Tasks.ResultOf(method.ReturnType) ?? method.ReturnType).Any() ? Step.Leads : Step.None;
    }

    /// <summary>Whether a method is an operation on a state that is still awaited: what makes one await enough.</summary>
    public bool IsChain(IMethodSymbol method) =>
        (method.ReducedFrom ?? method) is { IsExtensionMethod: true, Parameters: [var state, ..] } && Tasks.IsValueTask(method.ReturnType)
        && Tasks.IsValueTask(state.Type) && IsToken(Tasks.ResultOf(state.Type));

    private static bool IsChannel(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "MessageChannel" && IsProtocols(type.ContainingNamespace))
                return true;
        }

        return false;
    }

    private static bool IsTokenInterface(ITypeSymbol type) => type.Name == "IStateToken" && IsProtocols(type.ContainingNamespace);

    private static bool IsProtocols(INamespaceSymbol? space) =>
        space is { Name: "Protocols", ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } };
}
