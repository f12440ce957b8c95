using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What a method does with the token or lane that it is called on.</summary>
internal enum Step
{
    /// <summary>It is no operation of a token.</summary>
    None,

    /// <summary>It leads back to its own state: the token is busy until the task has been awaited, and valid then.</summary>
    Stays,

    /// <summary>It uses the token up.</summary>
    Leads,
}

/// <summary>Tells state tokens, lanes, replies, channels and what carries them, from source or metadata. One for each compilation; thread-safe.</summary>
internal sealed class TokenTypes
{
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _tokens = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the type is a state token or a sending lane, or stands for any of them: what one operation uses up.</summary>
    public bool IsToken(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Struct } or ITypeParameterSymbol => _tokens.GetOrAdd(type, token => ContractsOf(token).Any(IsTokenInterface)),
        _ => false,
    };

    /// <summary>Whether the type is the lane of a split state that sends.</summary>
    public bool IsSendLane(ITypeSymbol? type) => IsToken(type) && ContractsOf(type!).Any(contract => contract.Name == "ISendLane");

    /// <summary>Whether the type is the lane of a split state that receives, which may be enumerated again until it is joined.</summary>
    public static bool IsReceiveLane(ITypeSymbol? type) => IsProtocolsClass(type, "ReceiveLane");

    /// <summary>Whether the protocol may stop there: nothing can be sent or received any more, or, by a lane, nothing sent whatever arrives.</summary>
    public bool IsFinal(ITypeSymbol token) => token is INamedTypeSymbol named && IsToken(token)
        && (IsSendLane(token) ? !MaySend(named, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default)) : !StepsOf(named).Any());

    /// <summary>How messages name a token's type.</summary>
    public string NameOf(ITypeSymbol token) => IsSendLane(token) && token.ContainingType is { } state ? $"{state.Name}.{token.Name}" : token.Name;

    /// <summary>Whether the type is the abstract record of what may arrive in a state or lane, or of where lanes may meet.</summary>
    public bool IsReply(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Reply" or "Incoming" or "Rejoined", IsAbstract: true, IsRecord: true, ContainingType: { } state } && IsToken(state);

    /// <summary>Whether the type is one of those records.</summary>
    public bool IsReplyCase(ITypeSymbol? type) => type is { BaseType: { } reply } && IsReply(reply);

    /// <summary>The cases of a reply, in the order of the declaration.</summary>
    public static IEnumerable<INamedTypeSymbol> CasesOf(ITypeSymbol reply) =>
        reply.ContainingType.GetTypeMembers().Concat(reply.GetTypeMembers()).Where(type => SymbolEqualityComparer.Default.Equals(type.BaseType, reply));

    /// <summary>The tokens and lanes in a value of the type: itself, an element of a tuple, what follows a message of a reply.</summary>
    public IEnumerable<ITypeSymbol> TokensIn(ITypeSymbol? type)
    {
        if (type is null)
            return [];
        if (IsToken(type) || IsReceiveLane(type))
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

    /// <summary>What a method does with the token or sending lane that it is called on.</summary>
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

    private static IEnumerable<ITypeSymbol> ContractsOf(ITypeSymbol token) => token is ITypeParameterSymbol parameter ? parameter.ConstraintTypes : token.AllInterfaces;

    private IEnumerable<IMethodSymbol> StepsOf(INamedTypeSymbol token) => token.GetMembers().OfType<IMethodSymbol>().Where(method => StepOf(method) != Step.None);

    private bool MaySend(INamedTypeSymbol token, HashSet<ITypeSymbol> visited) => visited.Add(token) && StepsOf(token).Any(step =>
        step.Name == "SendAsync" || TokensIn(Tasks.ResultOf(step.ReturnType) ?? step.ReturnType).OfType<INamedTypeSymbol>().Any(next => IsToken(next) && MaySend(next, visited)));

    private static bool IsChannel(ITypeSymbol? type) => IsProtocolsClass(type, "MessageChannel");

    private static bool IsProtocolsClass(ITypeSymbol? type, string name)
    {
        for (; type is { TypeKind: TypeKind.Class }; type = type.BaseType)
        {
            if (type.Name == name && IsOurs(type.ContainingNamespace, "Protocols"))
                return true;
        }

        return false;
    }

    private static bool IsTokenInterface(ITypeSymbol type) => type.Name is "IStateToken" or "ISendLane" && IsOurs(type.ContainingNamespace, "CompilerServices");

    private static bool IsOurs(INamespaceSymbol? space, string name) =>
        space is { ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } } && space.Name == name;
}
