using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3003: the token or lane that an operation returns is not used, so the protocol stops before its end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3003TokenUnused : UsageRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [UsageDiagnostics.TokenUnused];

    /// <inheritdoc/>
    private protected override void Register(CompilationStartAnalysisContext start, UsageAnalysis analysis) => start.RegisterOperationBlockAction(block => Analyze(block, analysis));

    private static void Analyze(OperationBlockAnalysisContext context, UsageAnalysis analysis)
    {
        var declared = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        var read = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()))
        {
            if (operation is IExpressionStatementOperation statement)
                Check(context, statement, analysis);
            else if (Declared(operation) is { } local && Unfinished(analysis.Types, local.Type).Any())
                declared.Add(local);
            if (operation is ILocalReferenceOperation reference && IsRead(reference, analysis.Types))
                read.Add(reference.Local);
        }

        foreach (var local in declared.Where(local => !read.Contains(local)))
            Report(context, analysis.Types, local.Locations[0], $"'{local.Name}' holds", local.Type);
    }

    /// <summary>Checks an expression statement, which discards the result of its operation. SCH3006 reports an operation that is not awaited.</summary>
    private static void Check(OperationBlockAnalysisContext context, IExpressionStatementOperation statement, UsageAnalysis analysis)
    {
        var operation = statement.Operation;
        if (operation is IAwaitOperation wait)
            operation = wait.Operation is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } ? task : wait.Operation;
        if (operation is not IInvocationOperation call)
            return;
        var method = call.TargetMethod;
        var begins = analysis.Types.IsToken(method.ReturnType) && analysis.Facts.Of(method).Parameters.Any(parameter => parameter.Consumes);
        if (!begins && analysis.Types.EffectOf(method) == TokenEffect.None && !analysis.Types.IsChain(method))
            return;
        Report(context, analysis.Types, call.Syntax.GetLocation(), $"'{method.Name}' returns", statement.Operation.Type);
    }

    private static void Report(OperationBlockAnalysisContext context, TokenTypes types, Location location, string what, ITypeSymbol? type)
    {
        var names = string.Join(" or ", Unfinished(types, type).Select(types.NameOf).Distinct());
        if (names.Length > 0)
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.TokenUnused, location, what, names));
    }

    /// <summary>Gets the tokens in a value that are not final, so that the protocol could continue with them.</summary>
    private static IEnumerable<ITypeSymbol> Unfinished(TokenTypes types, ITypeSymbol? type) => types.TokensIn(type).Where(token => !types.IsFinal(token));

    private static ILocalSymbol? Declared(IOperation operation) => operation switch
    {
        IVariableDeclaratorOperation declarator => declarator.Symbol,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation reference } => reference.Local,
        ILocalReferenceOperation { IsDeclaration: true } reference => reference.Local,
        IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IRecursivePatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        _ => null,
    };

    private static bool IsRead(ILocalReferenceOperation reference, TokenTypes types)
    {
        IOperation use = reference;
        while (use.Parent is IParenthesizedOperation or ITupleOperation or IDeclarationExpressionOperation or IConversionOperation)
            use = use.Parent;
        return use.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target != use,
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Target != use,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
            INameOfOperation => false,
            // Only the message is read, not the next state.
            IMemberReferenceOperation member => member is IMethodReferenceOperation || types.IsToken(reference.Type) || types.TokensIn(member.Type).Any(),
            _ => !reference.IsDeclaration,
        };
    }
}
