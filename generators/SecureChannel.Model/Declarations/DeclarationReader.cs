using Microsoft.CodeAnalysis;
using SecureChannel.Model.Messages;

namespace SecureChannel.Model.Declarations;

/// <summary>The reader of an enum's states and transitions for the generators of protocols and handshakes and for the analyzers.</summary>
public static class DeclarationReader
{
    /// <summary>The maximum deadline in seconds: 24 days, within the range of a timer.</summary>
    public const double MaxDeadline = 24 * 24 * 60 * 60;

    private static readonly char[] Separators = ['<', '>', ',', ' ', '.', '?', '[', ']'];

    /// <summary>Reads a declaration. Skips attributes that are incomplete because the user is still typing.</summary>
    /// <param name="declaration">The enum.</param>
    /// <param name="attribute">Its <c>[Protocol]</c> or <c>[Handshake]</c>.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The declaration, or null if the type is not an enum at the top level, has no name on the wire or has explicit values.</returns>
    public static DeclarationModel? Read(INamedTypeSymbol declaration, AttributeData attribute, CancellationToken cancellationToken)
    {
        if (declaration.TypeKind != TypeKind.Enum || declaration.ContainingType is not null)
            return null;
        if (attribute.ConstructorArguments is not [{ Value: string name }])
            return null;

        var members = MembersOf(declaration);
        var anytime = declaration.GetAttributes().Select(found => ReadAnytime(found, cancellationToken)).OfType<AnytimeModel>().ToArray();
        var states = new List<StateModel>(members.Length);
        for (var index = 0; index < members.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!HasValue(members[index].ConstantValue, index))
                return null;
            states.Add(ReadState(members, index, anytime, cancellationToken));
        }

        return new DeclarationModel(
            attribute.AttributeClass?.Name == "HandshakeAttribute" ? DeclarationKind.Handshake : DeclarationKind.Protocol,
            name,
            NamespaceOf(declaration),
            declaration.Name,
            declaration.DeclaredAccessibility == Accessibility.Public,
            new EquatableArray<StateModel>([.. states]),
            Documentation.SummaryOf(declaration, cancellationToken),
            RequiresIdentity(declaration, RoleModel.Client),
            RequiresIdentity(declaration, RoleModel.Server));
    }

    /// <summary>Gets the members of an enum in order.</summary>
    /// <param name="declaration">The enum.</param>
    public static IFieldSymbol[] MembersOf(INamedTypeSymbol declaration) =>
        [.. declaration.GetMembers().OfType<IFieldSymbol>().Where(member => member.HasConstantValue)];

    /// <summary>Gets the sender for a <c>[Client&lt;T&gt;]</c> or <c>[Server&lt;T&gt;]</c> attribute, or null for any other attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    public static RoleModel? RoleOf(AttributeData attribute) =>
        KnownTypes.Is(attribute, "ClientAttribute") ? RoleModel.Client : KnownTypes.Is(attribute, "ServerAttribute") ? RoleModel.Server : null;

    /// <summary>Reads the type of a message in a declaration.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    public static MessageReference ReadMessage(INamedTypeSymbol type, CancellationToken cancellationToken) => ReadMessage(type, true, cancellationToken);

    /// <summary>Reads an <c>[Anytime&lt;T&gt;]</c> attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The message, or null if the attribute is a different one or does not name a possible message.</returns>
    public static AnytimeModel? ReadAnytime(AttributeData attribute, CancellationToken cancellationToken)
    {
        if (!KnownTypes.Is(attribute, "AnytimeAttribute") || attribute.AttributeClass!.TypeArguments is not [INamedTypeSymbol { TypeKind: not TypeKind.Error } message])
            return null;
        var role = attribute.ConstructorArguments is [{ Value: int by }] ? (RoleModel)by : default(RoleModel?);
        var name = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "As").Value.Value as string;
        return new AnytimeModel(role, ReadMessage(message, cancellationToken), name);
    }

    /// <summary>Reads a <c>[Client&lt;T&gt;]</c> or <c>[Server&lt;T&gt;]</c> attribute.</summary>
    /// <param name="members">The members of the enum, in order.</param>
    /// <param name="state">The index of the member that has the attribute.</param>
    /// <param name="index">The index of the transition in its state.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The transition, or null if the attribute is a different one, does not name a possible message, or does not lead to a member of the
    /// enum.</returns>
    public static Transition? ReadTransition(
        IFieldSymbol[] members, int state, int index, AttributeData attribute, CancellationToken cancellationToken)
    {
        if (RoleOf(attribute) is not { } role
            || attribute.AttributeClass!.TypeArguments is not [INamedTypeSymbol { TypeKind: not TypeKind.Error } message]
            || attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Enum } target]
            || !SymbolEqualityComparer.Default.Equals(target.Type, members[state].ContainingType))
            return null;
        var next = Array.FindIndex(members, member => Equals(member.ConstantValue, target.Value));
        if (next < 0)
            return null;

        RoleModel? authenticates = null;
        string? name = null;
        var carriesEphemeralKey = false;
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == "Authenticates" && argument.Value.Value is int authenticated)
                authenticates = (RoleModel)authenticated;
            else if (argument.Key == "As")
                name = argument.Value.Value as string;
            else if (argument.Key == "CarriesEphemeralKey")
                carriesEphemeralKey = argument.Value.Value is true;
        }

        return new Transition(
            state, index, role, ReadMessage(message, cancellationToken), next, members[next].Name, authenticates, name, CarriesEphemeralKey: carriesEphemeralKey);
    }

    private static bool RequiresIdentity(INamedTypeSymbol declaration, RoleModel role) => declaration.GetAttributes().Any(attribute =>
        KnownTypes.Is(attribute, "RequiresIdentityAttribute") && attribute.ConstructorArguments is [{ Value: int value }] && (RoleModel)value == role);

    private static MessageReference ReadMessage(INamedTypeSymbol type, bool mayBeVariant, CancellationToken cancellationToken)
    {
        int? code = null;
        MessageReference? variantOf = null;
        foreach (var attribute in type.GetAttributes())
        {
            if (KnownTypes.Is(attribute, "MessageAttribute") && attribute.ConstructorArguments is [{ Value: int value }])
                code = value;
            // A variant of a variant is not read: two that name each other would never end.
            else if (mayBeVariant && KnownTypes.Is(attribute, "VariantOfAttribute")
                && attribute.AttributeClass!.TypeArguments is [INamedTypeSymbol { TypeKind: not TypeKind.Error } message] && !SymbolEqualityComparer.Default.Equals(message, type))
                variantOf = ReadMessage(message, false, cancellationToken);
        }

        return new MessageReference(
            NamespaceOf(type),
            type.Name,
            IdentifierOf(type),
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            IsPublic(type),
            type.IsRefLikeType,
            type.IsValueType,
            variantOf?.Code ?? code,
            variantOf,
            Documentation.SummaryOf(type, cancellationToken),
            code is null && variantOf is null && KnownTypes.IsCodedMessage(type),
            variantOf is null ? GreatestSize.Of(type) : variantOf.MaxSize);
    }

    private static StateModel ReadState(IFieldSymbol[] members, int index, AnytimeModel[] anytime, CancellationToken cancellationToken)
    {
        var transitions = new List<Transition>();
        var loops = new List<AnytimeModel>();
        var (isFinal, isEstablished, deadline) = (false, false, default(double?));
        foreach (var attribute in members[index].GetAttributes())
        {
            isFinal |= KnownTypes.Is(attribute, "FinalAttribute");
            isEstablished |= KnownTypes.Is(attribute, "EstablishedAttribute");
            if (ReadTransition(members, index, transitions.Count, attribute, cancellationToken) is { } transition)
                transitions.Add(transition);
            if (ReadAnytime(attribute, cancellationToken) is { } loop)
                loops.Add(loop);
            if (KnownTypes.Is(attribute, "DeadlineAttribute") && attribute.ConstructorArguments is [{ Value: double seconds and > 0 and <= MaxDeadline }])
                deadline = seconds;
        }

        if (!isFinal)
            loops.AddRange(anytime);
        foreach (var loop in loops)
            transitions.AddRange(loop.In(index, members[index].Name, transitions.Count));
        return new StateModel(
            index,
            members[index].Name,
            isFinal,
            isEstablished,
            new EquatableArray<Transition>([.. transitions]),
            Documentation.SummaryOf(members[index], cancellationToken),
            deadline);
    }

    private static bool HasValue(object? constant, int index) => constant switch
    {
        int value => value == index,
        byte value => value == index,
        sbyte value => value == index,
        short value => value == index,
        ushort value => value == index,
        uint value => value == index,
        long value => value == index,
        ulong value => value == (ulong)index,
        _ => false,
    };

    private static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    private static bool IsPublic(INamedTypeSymbol type)
    {
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.DeclaredAccessibility != Accessibility.Public)
                return false;
        }

        return type.TypeArguments.OfType<INamedTypeSymbol>().All(IsPublic);
    }

    private static string IdentifierOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IdentifierOf(array.ElementType) + "Array",
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic => generic.Name + "Of" + string.Join("And", generic.TypeArguments.Select(IdentifierOf)),
        _ => string.Concat(type.Name.Split(Separators)),
    };
}
