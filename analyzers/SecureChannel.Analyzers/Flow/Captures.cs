using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The captured variables that lambdas and local functions can change. A function can change a variable if it assigns the variable, passes the variable to
/// other code, or calls a method that consumes the value of the variable or changes the state of the value.
/// </summary>
internal sealed class Captures
{
    private readonly Facts _facts;
    private readonly TokenTypes _types;
    private readonly Dictionary<IMethodSymbol, IOperation> _functions = new(SymbolEqualityComparer.Default);

    public Captures(Facts facts, TokenTypes types, ImmutableArray<IOperation> body)
    {
        (_facts, _types) = (facts, types);
        foreach (var operation in body.SelectMany(block => block.DescendantsAndSelf()))
        {
            if (operation is IAnonymousFunctionOperation lambda)
                _functions[lambda.Symbol] = lambda;
            else if (operation is ILocalFunctionOperation local)
                _functions[local.Symbol] = local;
        }
    }

    /// <summary>Gets the captured variables that a function, or another function that the function uses, can change.</summary>
    public IEnumerable<ISymbol> ChangedBy(IMethodSymbol function)
    {
        var changed = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        if (_functions.Count > 0)
            Collect(function.OriginalDefinition, changed, new HashSet<ISymbol>(SymbolEqualityComparer.Default));
        return changed;
    }

    private void Collect(IMethodSymbol function, HashSet<ISymbol> changed, HashSet<ISymbol> visited)
    {
        if (!_functions.TryGetValue(function, out var body) || !visited.Add(function))
            return;
        foreach (var operation in body.Descendants())
        {
            switch (operation)
            {
                case ILocalReferenceOperation reference when MayChange(reference):
                    changed.Add(reference.Local);
                    break;
                case IParameterReferenceOperation reference when MayChange(reference):
                    changed.Add(reference.Parameter);
                    break;
                case IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } call:
                    Collect(call.TargetMethod.OriginalDefinition, changed, visited);
                    break;
                case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } reference:
                    Collect(reference.Method.OriginalDefinition, changed, visited);
                    break;
            }
        }
    }

    private bool MayChange(IOperation reference)
    {
        var use = reference;
        while (use.Parent is IConversionOperation or IParenthesizedOperation)
            use = use.Parent;
        return use.Parent switch
        {
            IInvocationOperation call when call.Instance == use => Changes(call.TargetMethod),
            IPropertyReferenceOperation property when property.Instance == use => false,
            IConditionalAccessOperation access when access.Operation == use =>
                access.WhenNotNull.DescendantsAndSelf().Any(child => child is IInvocationOperation call && Changes(call.TargetMethod)),
            IBinaryOperation or IIsTypeOperation or IExpressionStatementOperation => false,
            _ => true,
        };
    }

    private bool Changes(IMethodSymbol method) => _facts.Of(method).Ensures is not null || _types.EffectOf(method) == TokenEffect.Consumes || Tasks.PassesOn(method);
}
