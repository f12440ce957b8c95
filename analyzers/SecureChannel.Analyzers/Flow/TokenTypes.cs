using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using SecureChannel.Model;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The effects of a method on the token or lane that it is called on.</summary>
internal enum TokenEffect
{
    /// <summary>The method is not an operation of a token.</summary>
    None,

    /// <summary>The method leads back to the same state: the token is busy until the task of the method has been awaited, and valid afterwards.</summary>
    Loops,

    /// <summary>The method consumes the token.</summary>
    Consumes,
}

/// <summary>
/// The classification of types in source or metadata: state tokens, lanes, replies, channels, and types that contain one of these. One instance for each
/// compilation; thread-safe.
/// </summary>
internal sealed class TokenTypes
{
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _tokens = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// Determines whether a type is a state token or a sending lane, which one operation consumes, or a type parameter for a state token or a sending lane.
    /// </summary>
    public bool IsToken(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Struct } or ITypeParameterSymbol => _tokens.GetOrAdd(type, token => ContractsOf(token).Any(KnownTypes.IsTokenInterface)),
        _ => false,
    };

    /// <summary>Determines whether a type is the sending lane of a split state.</summary>
    public bool IsSendLane(ITypeSymbol? type) => IsToken(type) && ContractsOf(type!).Any(contract => contract.Name == "ISendLane");

    /// <summary>Determines whether a type is the receiving lane of a split state, which can be enumerated again until it is joined.</summary>
    public static bool IsReceiveLane(ITypeSymbol? type) => KnownTypes.IsProtocolsClass(type, "ReceiveLane");

    /// <summary>
    /// Determines whether the protocol can stop at a token: a state token without operations, or a sending lane on which no further message can be sent.
    /// </summary>
    public bool IsFinal(ITypeSymbol token) => token is INamedTypeSymbol named && IsToken(token)
        && (IsSendLane(token) ? !MaySend(named, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default)) : !OperationsOf(named).Any());

    /// <summary>Gets the name of a token's type in diagnostics.</summary>
    public string NameOf(ITypeSymbol token) => IsSendLane(token) && token.ContainingType is { } state ? $"{state.Name}.{token.Name}" : token.Name;

    /// <summary>
    /// Determines whether a type is a reply: the abstract record of the messages that can arrive in a state or lane, or of the states that joined lanes can
    /// lead to.
    /// </summary>
    public bool IsReply(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Reply" or "Incoming" or "Rejoined", IsAbstract: true, IsRecord: true, ContainingType: { } state } && IsToken(state);

    /// <summary>Determines whether a type is a case of a reply.</summary>
    public bool IsReplyCase(ITypeSymbol? type) => type is { BaseType: { } reply } && IsReply(reply);

    /// <summary>Gets the cases of a reply in the order of the declaration.</summary>
    public static IEnumerable<INamedTypeSymbol> CasesOf(ITypeSymbol reply) =>
        reply.ContainingType.GetTypeMembers().Concat(reply.GetTypeMembers()).Where(type => SymbolEqualityComparer.Default.Equals(type.BaseType, reply));

    /// <summary>Gets the tokens and lanes in a value of a type: the value itself, elements of a tuple, or the next states of a reply.</summary>
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

    /// <summary>
    /// Gets the initial states of a value of unknown origin, or <see cref="States.None"/> if the analysis does not follow values of the type.
    /// </summary>
    public States InitialOf(ITypeSymbol? type)
    {
        if (TokensIn(type).Any())
            return States.Valid;
        if (IsChannel(type))
            return States.Unknown | States.Unbegun;
        return type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Any(element => IsChannel(element.Type)) ? States.Valid : States.None;
    }

    /// <summary>Gets the effect of a method on the token or sending lane that it is called on.</summary>
    public TokenEffect EffectOf(IMethodSymbol method)
    {
        if (method is not { IsStatic: false, MethodKind: MethodKind.Ordinary, IsOverride: false, DeclaredAccessibility: Accessibility.Public } || !IsToken(method.ContainingType))
            return TokenEffect.None;
        return Tasks.IsTask(method.ReturnType) && Tasks.ResultOf(method.ReturnType) is null ? TokenEffect.Loops
            : TokensIn(Tasks.ResultOf(method.ReturnType) ?? method.ReturnType).Any() ? TokenEffect.Consumes : TokenEffect.None;
    }

    /// <summary>Determines whether a method is an operation on the task of a state token, so that one await is enough for a chain of operations.</summary>
    public bool IsChain(IMethodSymbol method) =>
        (method.ReducedFrom ?? method) is { IsExtensionMethod: true, Parameters: [var state, ..] } && Tasks.IsValueTask(method.ReturnType)
        && Tasks.IsValueTask(state.Type) && IsToken(Tasks.ResultOf(state.Type));

    private static IEnumerable<ITypeSymbol> ContractsOf(ITypeSymbol token) => token is ITypeParameterSymbol parameter ? parameter.ConstraintTypes : token.AllInterfaces;

    private IEnumerable<IMethodSymbol> OperationsOf(INamedTypeSymbol token) => token.GetMembers().OfType<IMethodSymbol>().Where(method => EffectOf(method) != TokenEffect.None);

    private bool MaySend(INamedTypeSymbol token, HashSet<ITypeSymbol> visited) => visited.Add(token) && OperationsOf(token).Any(operation =>
        operation.Name == "SendAsync" || TokensIn(Tasks.ResultOf(operation.ReturnType) ?? operation.ReturnType).OfType<INamedTypeSymbol>().Any(next => IsToken(next) && MaySend(next, visited)));

    private static bool IsChannel(ITypeSymbol? type) => KnownTypes.IsProtocolsClass(type, "MessageChannel");
}
