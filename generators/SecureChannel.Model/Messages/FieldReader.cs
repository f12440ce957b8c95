using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Model.Messages;

/// <summary>The reader of the fields of a message in wire order, and of the way in which generated code constructs the message.</summary>
internal static class FieldReader
{
    /// <summary>Reads the fields of a message.</summary>
    /// <param name="type">The message.</param>
    /// <param name="problems">The collection that receives problems.</param>
    /// <param name="mayThrow">True if constructing the message runs the user's code.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    public static EquatableArray<FieldModel> Read(
        INamedTypeSymbol type, ICollection<MessageProblem> problems, out bool mayThrow, CancellationToken cancellationToken)
    {
        mayThrow = false;
        var members = type.GetMembers().Where(IsCandidate).ToList();
        if (FindUncertain([.. members.Where(IsStored)]) is { } uncertain)
            problems.Add(MessageProblem.Of(MessageProblemKind.UncertainOrder, uncertain.Name));
        if (FindInheritedState(type) is { } parent)
            problems.Add(MessageProblem.Of(MessageProblemKind.InheritedState, "", parent.Name));
        if (ChooseConstructor(type, members) is not { } constructor)
        {
            var unset = members.FirstOrDefault(member => IsStored(member) && !IsSettable(member));
            problems.Add(MessageProblem.Of(MessageProblemKind.NoConstructor, unset?.Name ?? ""));
            return default;
        }

        var isPositional = type.IsRecord && IsPrimary(constructor, cancellationToken);
        var arguments = constructor.Parameters.Select(parameter => members.First(member => Matches(member, parameter))).ToList();
        var fields = isPositional ? arguments.ToList() : [];
        fields.AddRange(members
            .Where(member => !fields.Contains(member, SymbolEqualityComparer.Default))
            .Where(member => IsStored(member) || arguments.Contains(member, SymbolEqualityComparer.Default))
            .OrderBy(member => member.Locations[0].SourceSpan.Start));

        var models = new List<FieldModel>(fields.Count);
        foreach (var field in fields)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var argument = arguments.FindIndex(member => SymbolEqualityComparer.Default.Equals(member, field));
            var parameter = argument < 0 ? null : constructor.Parameters[argument];
            if (ReadField(type, field, parameter, problems) is { } model)
                models.Add(model with { Argument = argument, IsSet = argument < 0 || IsRequired(field) && !SetsRequiredMembers(constructor) });
        }

        FieldOrder.Check(models, problems);
        if (problems.Count == 0)
            mayThrow = RunsCode(type, constructor, fields, cancellationToken);
        return new EquatableArray<FieldModel>([.. models]);
    }

    private static FieldModel? ReadField(INamedTypeSymbol type, ISymbol field, IParameterSymbol? parameter, ICollection<MessageProblem> problems)
    {
        var attributes = field.GetAttributes().Concat(parameter?.GetAttributes() ?? []).ToArray();
        var context = new FieldContext(field.Name, attributes, problems);
        if (context.Since < 1)
            context.Fail(MessageProblemKind.SinceOutOfRange, context.Since!);
        else if (context.Since is not null && (parameter is { HasExplicitDefaultValue: false } || IsRequired(field)))
            context.Fail(MessageProblemKind.SinceWithoutDefault);
        return WireTypeReader.Read(TypeOf(field), context) is { } wire
            ? new FieldModel(CodeNames.Escape(field.Name), wire, -1, parameter is null ? "" : CodeNames.Escape(parameter.Name), Since: context.Since ?? 0)
            : null;
    }

    /// <summary>Determines whether a member can be a field of the message: an instance member that is not private.</summary>
    public static bool IsCandidate(ISymbol member) => member switch
    {
        { IsStatic: true } or { DeclaredAccessibility: Accessibility.Private } => false,
        IPropertySymbol property => property is { IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true, Name: not "EqualityContract" },
        IFieldSymbol field => field is { IsImplicitlyDeclared: false, CanBeReferencedByName: true },
        _ => false,
    };

    /// <summary>Determines whether a type is a struct without explicit constructors in which every variable is a settable field of the message.</summary>
    public static bool IsPlain(INamedTypeSymbol type) => type.IsValueType
        && type.InstanceConstructors.All(constructor => constructor.IsImplicitlyDeclared)
        && type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic)
            .All(field => field is { RefKind: RefKind.None, IsVolatile: false } && IsCandidate(field) && IsSettable(field));

    /// <summary>Determines whether a message ends with <c>[Remainder]</c> and must therefore be enclosed in a vector inside other messages.</summary>
    /// <param name="type">The type.</param>
    public static bool IsOpenEnded(ITypeSymbol type) => type is INamedTypeSymbol named && KnownTypes.IsMessage(named)
        && (named.GetMembers().Any(HasRemainder) || named.InstanceConstructors.Any(constructor => constructor.Parameters.Any(HasRemainder)));

    /// <summary>Gets the types of a message's encoded members, each with the attributes of the member and of its constructor parameter.</summary>
    public static IEnumerable<(ITypeSymbol Type, IReadOnlyList<AttributeData> Attributes)> StoredState(INamedTypeSymbol message) => message.GetMembers()
        .Where(member => IsCandidate(member) && IsStored(member))
        .Select(member => (TypeOf(member), (IReadOnlyList<AttributeData>)[.. member.GetAttributes(), .. ParameterAttributes(message, member)]));

    /// <summary>
    /// Gets the types of all members that the codec of a message reads and writes, each with the attributes of the member and of its constructor parameter.
    /// </summary>
    /// <returns>The members, or null if generated code cannot construct the message.</returns>
    public static IEnumerable<(ITypeSymbol Type, IReadOnlyList<AttributeData> Attributes)>? EncodedState(INamedTypeSymbol message)
    {
        var members = message.GetMembers().Where(IsCandidate).ToList();
        return ChooseConstructor(message, members) is not { } constructor ? null : members
            .Where(member => IsStored(member) || constructor.Parameters.Any(parameter => Matches(member, parameter)))
            .Select(member => (TypeOf(member), (IReadOnlyList<AttributeData>)[.. member.GetAttributes(), .. ParameterAttributes(message, member)]));
    }

    private static bool HasRemainder(ISymbol member) => member.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "RemainderAttribute"));

    private static IEnumerable<AttributeData> ParameterAttributes(INamedTypeSymbol message, ISymbol member) => message.InstanceConstructors
        .SelectMany(constructor => constructor.Parameters)
        .Where(parameter => Matches(member, parameter))
        .SelectMany(parameter => parameter.GetAttributes());

    // A property without a setter that is not an auto-property is computed from others.
    private static bool IsStored(ISymbol member) =>
        member is IFieldSymbol || member is IPropertySymbol { SetMethod: not null } || IsAutomatic(member);

    private static bool IsAutomatic(ISymbol member) =>
        member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member));

    private static bool IsSettable(ISymbol member) => member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod: not null };

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    private static bool Matches(ISymbol member, IParameterSymbol parameter) =>
        string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(TypeOf(member), parameter.Type)
        && parameter.RefKind is RefKind.None or RefKind.In;

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static bool SetsRequiredMembers(IMethodSymbol constructor) =>
        constructor.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "SetsRequiredMembersAttribute" });

    // The parts of a partial type have no order.
    private static ISymbol? FindUncertain(List<ISymbol> members)
    {
        var parts = members
            .Select(member => (Member: member, Syntax: member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()))
            .Where(member => member.Syntax is not (null or ParameterSyntax))
            .Select(member => (member.Member, Part: member.Syntax!.FirstAncestorOrSelf<TypeDeclarationSyntax>()))
            .ToList();
        return parts.FirstOrDefault(member => member.Part != parts[0].Part).Member;
    }

    private static INamedTypeSymbol? FindInheritedState(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is { SpecialType: SpecialType.None }; parent = parent.BaseType)
        {
            if (parent.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic))
                return parent;
        }

        return null;
    }

    // The primary constructor, else the one with the most parameters; all other fields must be settable.
    private static IMethodSymbol? ChooseConstructor(INamedTypeSymbol type, List<ISymbol> members) => type.InstanceConstructors
        .Where(constructor => constructor.Parameters.All(parameter => members.Any(member => Matches(member, parameter))))
        .Where(constructor => members.All(member =>
            !IsStored(member) || IsSettable(member) || constructor.Parameters.Any(parameter => Matches(member, parameter))))
        .OrderByDescending(constructor => IsPrimary(constructor, default))
        .ThenByDescending(constructor => constructor.Parameters.Length)
        .FirstOrDefault();

    private static bool IsPrimary(IMethodSymbol constructor, CancellationToken cancellationToken) =>
        constructor.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax;

    /// <summary>Determines whether constructing a message runs the user's code, which can throw.</summary>
    public static bool RunsCode(INamedTypeSymbol type, IMethodSymbol constructor, IReadOnlyList<ISymbol> fields, CancellationToken cancellationToken)
    {
        if (!constructor.IsImplicitlyDeclared && !IsPrimary(constructor, cancellationToken))
            return true;
        if (fields.Any(field => field is IPropertySymbol { SetMethod: not null } && !HasAutomaticSetter(field, cancellationToken)))
            return true;
        for (var declared = type; declared is { SpecialType: SpecialType.None } and not { SpecialType: SpecialType.System_ValueType }; declared = declared.BaseType)
        {
            if (declared.DeclaringSyntaxReferences.Any(reference => HasActiveInitializer(reference.GetSyntax(cancellationToken))))
                return true;
            var isBase = !SymbolEqualityComparer.Default.Equals(declared, type);
            if (isBase && declared.TypeKind == TypeKind.Class && declared.InstanceConstructors.Any(inherited => !inherited.IsImplicitlyDeclared))
                return true;
        }

        return false;
    }

    private static bool HasAutomaticSetter(ISymbol property, CancellationToken cancellationToken)
    {
        if (property.DeclaringSyntaxReferences is not [var reference])
            return true;
        return reference.GetSyntax(cancellationToken) is not PropertyDeclarationSyntax declaration
            || declaration.AccessorList is { } accessors && accessors.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null });
    }

    private static bool HasActiveInitializer(SyntaxNode declaration) => declaration is TypeDeclarationSyntax type && type.Members.Any(member => member switch
    {
        PropertyDeclarationSyntax property => IsActive(property.Initializer),
        FieldDeclarationSyntax field => field.Declaration.Variables.Any(variable => IsActive(variable.Initializer)),
        _ => false,
    });

    private static bool IsActive(EqualsValueClauseSyntax? initializer) =>
        initializer is not null and not
        {
            Value: LiteralExpressionSyntax or IdentifierNameSyntax or CollectionExpressionSyntax { Elements.Count: 0 }
                or PostfixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax },
        };
}
