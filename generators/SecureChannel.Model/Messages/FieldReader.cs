using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Model.Messages;

/// <summary>Which members of a type are the message's fields, in which order, and how one is made from them.</summary>
internal static class FieldReader
{
    /// <summary>Reads the fields.</summary>
    /// <param name="type">The message.</param>
    /// <param name="mayThrow">Whether making one runs code of the user's.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Null if a member is not supported, cannot be set, or has no certain place in the order.</returns>
    public static EquatableArray<FieldModel>? Read(INamedTypeSymbol type, out bool mayThrow, CancellationToken cancellationToken)
    {
        mayThrow = false;
        var members = type.GetMembers().Where(IsCandidate).ToList();
        if (!HasCertainOrder(members) || HasInheritedState(type) || ChooseConstructor(type, members) is not { } constructor)
            return null;

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
            if (argument < 0 && !IsSettable(field))
                return null;
            var attributes = field.GetAttributes().Concat(argument < 0 ? [] : constructor.Parameters[argument].GetAttributes()).ToArray();
            if (WireTypeReader.Read(TypeOf(field), attributes, type) is not { } wire)
                return null;
            models.Add(new FieldModel(OurTypes.Escape(field.Name), wire, argument));
        }

        if (models.Take(models.Count - 1).Any(field => field.Type.IsRemainder))
            return null;
        mayThrow = RunsCode(type, constructor, fields, cancellationToken);
        return new EquatableArray<FieldModel>([.. models]);
    }

    private static bool IsCandidate(ISymbol member) => member switch
    {
        { IsStatic: true } or { DeclaredAccessibility: Accessibility.Private } => false,
        IPropertySymbol property => property is { IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true, Name: not "EqualityContract" },
        IFieldSymbol field => field is { IsImplicitlyDeclared: false, CanBeReferencedByName: true },
        _ => false,
    };

    // A property without a setter that is not automatic is computed from others.
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

    // Between the parts of a partial type there is no order.
    private static bool HasCertainOrder(List<ISymbol> members) =>
        members.Select(member => member.DeclaringSyntaxReferences.FirstOrDefault())
            .Where(reference => reference is not null && reference.GetSyntax() is not ParameterSyntax)
            .Select(reference => reference!.GetSyntax().FirstAncestorOrSelf<TypeDeclarationSyntax>())
            .Distinct()
            .Take(2)
            .Count() < 2;

    private static bool HasInheritedState(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is { SpecialType: SpecialType.None }; parent = parent.BaseType)
        {
            if (parent.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic))
                return true;
        }

        return false;
    }

    // The primary constructor, else the one that takes most; what it does not take must be settable.
    private static IMethodSymbol? ChooseConstructor(INamedTypeSymbol type, List<ISymbol> members) => type.InstanceConstructors
        .Where(constructor => constructor.Parameters.All(parameter => members.Any(member => Matches(member, parameter))))
        .Where(constructor => members.All(member =>
            !IsStored(member) || IsSettable(member) || constructor.Parameters.Any(parameter => Matches(member, parameter))))
        .OrderByDescending(constructor => IsPrimary(constructor, default))
        .ThenByDescending(constructor => constructor.Parameters.Length)
        .FirstOrDefault();

    private static bool IsPrimary(IMethodSymbol constructor, CancellationToken cancellationToken) =>
        constructor.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax;

    /// <summary>Whether making a message runs code of the user's, which may throw.</summary>
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
