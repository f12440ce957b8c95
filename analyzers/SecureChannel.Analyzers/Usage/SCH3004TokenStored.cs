using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3004: a state token or lane is stored in a field, a collection or a closure, which can outlive the token or lane.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3004TokenStored : UsageRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [UsageDiagnostics.TokenStored];

    /// <inheritdoc/>
    private protected override void Register(CompilationStartAnalysisContext start, UsageAnalysis analysis)
    {
        start.RegisterSymbolAction(symbol => CheckMember(symbol, analysis.Types), SymbolKind.Field, SymbolKind.Property);
        start.RegisterOperationBlockAction(block => CheckBody(block, analysis));
    }

    private static void CheckMember(SymbolAnalysisContext context, TokenTypes types)
    {
        var (type, stores) = context.Symbol switch
        {
            IFieldSymbol field => (field.Type, !field.IsImplicitlyDeclared),
            IPropertySymbol property => (property.Type, property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))),
            _ => default,
        };
        if (stores && Stored(types, type) is { } token)
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.TokenStored, context.Symbol.Locations[0], $"'{context.Symbol.Name}'", Describe(types, token)));
    }

    /// <summary>
    /// Gets the type of the token that a value of a type contains at any depth, or null if it contains no token. A delegate with tokens in its signature does
    /// not contain a token.
    /// </summary>
    private static ITypeSymbol? Stored(TokenTypes types, ITypeSymbol? type)
    {
        if (types.TokensIn(type).FirstOrDefault() is { } token)
            return token;
        return type switch
        {
            IArrayTypeSymbol array => Stored(types, array.ElementType),
            INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named => named.TypeArguments.Select(argument => Stored(types, argument)).FirstOrDefault(stored => stored is not null),
            _ => null,
        };
    }

    private static void CheckBody(OperationBlockAnalysisContext context, UsageAnalysis analysis)
    {
        var types = analysis.Types;
        var captured = new HashSet<(ISymbol, IOperation)>();
        foreach (var operation in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()))
        {
            var variable = operation switch
            {
                ILocalReferenceOperation reference => (ISymbol)reference.Local,
                IParameterReferenceOperation reference => reference.Parameter,
                _ => null,
            };
            if (operation is IConversionOperation or IParenthesizedOperation || types.TokensIn(operation.Type).FirstOrDefault() is not { } token)
                continue;
            if (variable is not null && CapturedBy(operation, variable, context.OwningSymbol) is { } function && !IsAllowed(operation, function, analysis) && captured.Add((variable, function)))
                Report(context, types, operation, $"A closure over '{variable.Name}'", token);
            else if (Collection(operation) is { } collection)
                Report(context, types, operation, collection, token);
        }
    }

    private static void Report(OperationBlockAnalysisContext context, TokenTypes types, IOperation operation, string what, ITypeSymbol token) =>
        context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.TokenStored, operation.Syntax.GetLocation(), what, Describe(types, token)));

    private static string Describe(TokenTypes types, ITypeSymbol token) => TokenTypes.IsReceiveLane(token) ? "a receiving lane, which ends when it is joined"
        : types.IsSendLane(token) ? $"a {types.NameOf(token)}, which can be used only once"
        : $"a token of {token.Name}, which can be used only once";

    /// <summary>
    /// Gets the outermost function that captures a variable, or the member that captures a parameter of the primary constructor; null if there is none.
    /// </summary>
    private static IOperation? CapturedBy(IOperation use, ISymbol variable, ISymbol member)
    {
        IOperation? capturing = null;
        var root = use;
        for (var operation = use; operation is not null; operation = operation.Parent)
        {
            var function = operation switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                ILocalFunctionOperation local => local.Symbol,
                _ => null,
            };
            if (function is not null)
            {
                if (SymbolEqualityComparer.Default.Equals(function, variable.ContainingSymbol))
                    return capturing;
                capturing = operation;
            }

            root = operation;
        }

        var isPrimary = variable is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor }
            && member is IMethodSymbol && !SymbolEqualityComparer.Default.Equals(constructor, member);
        return isPrimary ? root : capturing;
    }

    /// <summary>
    /// Determines whether a capture is allowed: for an operation that leads back to the same state, for an enumeration of a lane, or in a lambda that Task.Run
    /// runs once.
    /// </summary>
    private static bool IsAllowed(IOperation use, IOperation function, UsageAnalysis analysis)
    {
        if (use.Parent is INameOfOperation || (use.Parent is IInvocationOperation call && call.Instance == use && analysis.Types.EffectOf(call.TargetMethod) == TokenEffect.Loops))
            return true;
        if (TokenTypes.IsReceiveLane(use.Type) && IsEnumerated(use, analysis.Facts))
            return true;
        var lambda = function.Parent;
        while (lambda is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            lambda = lambda.Parent;
        return lambda is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Run", ContainingType.Name: "Task" } } };
    }

    private static bool IsEnumerated(IOperation lane, Facts facts)
    {
        var value = lane;
        while (value.Parent is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IForEachLoopOperation loop => loop.Collection == value,
            IInvocationOperation call => call.Instance == value,
            IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call } => !facts.Of(call.TargetMethod).Parameters.ElementAtOrDefault(parameter.Ordinal).Consumes,
            _ => false,
        };
    }

    /// <summary>Gets the name of the array or collection that a value is added to; null if there is none.</summary>
    private static string? Collection(IOperation operation)
    {
        var value = operation;
        while (value.Parent is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IArrayInitializerOperation or ICollectionExpressionOperation => "A collection",
            IArgumentOperation { Parent: IInvocationOperation call } argument when IsElement(argument.Parameter, call.TargetMethod.ContainingType) => $"'{call.TargetMethod.Name}'",
            ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: false } } assignment when assignment.Value == value =>
                "A collection",
            _ => null,
        };

        static bool IsElement(IParameterSymbol? parameter, INamedTypeSymbol? type) =>
            parameter?.OriginalDefinition.Type is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Type }
            && type is not null && type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_Collections_IEnumerable);
    }
}
