using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3003: the token or lane that an operation leads to is dropped, so the protocol stops before its end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3003TokenDropped : UseRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3003";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State token is dropped", "{0} leads to {1}, but nothing goes on from there: use the token, or discard it with '_' where the protocol is meant to stop",
        Category, DiagnosticSeverity.Warning, true, "Only what an operation returns can go on with the protocol.", "analyzers/docs/SCH3003.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    private protected override void Register(CompilationStartAnalysisContext start, UseAnalysis analysis) => start.RegisterOperationBlockAction(block => Analyze(block, analysis));

    private static void Analyze(OperationBlockAnalysisContext context, UseAnalysis analysis)
    {
        var declared = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        var read = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()))
        {
            if (operation is IExpressionStatementOperation statement)
                Check(context, statement, analysis);
            else if (Declared(operation) is { } local && Resting(analysis.Types, local.Type).Any())
                declared.Add(local);
            if (operation is ILocalReferenceOperation reference && IsRead(reference, analysis.Types))
                read.Add(reference.Local);
        }

        foreach (var local in declared.Where(local => !read.Contains(local)))
            Report(context, analysis.Types, local.Locations[0], $"What '{local.Name}' holds", local.Type);
    }

    /// <summary>An operation whose result is nobody's; one that is not even awaited is another rule's.</summary>
    private static void Check(OperationBlockAnalysisContext context, IExpressionStatementOperation statement, UseAnalysis analysis)
    {
        var operation = statement.Operation;
        if (operation is IAwaitOperation wait)
            operation = wait.Operation is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } ? task : wait.Operation;
        if (operation is not IInvocationOperation call)
            return;
        var method = call.TargetMethod;
        var begins = analysis.Types.IsToken(method.ReturnType) && analysis.Facts.Of(method).Parameters.Any(parameter => parameter.Consumes);
        if (!begins && analysis.Types.StepOf(method) == Step.None && !analysis.Types.IsChain(method))
            return;
        Report(context, analysis.Types, call.Syntax.GetLocation(), $"'{method.Name}'", statement.Operation.Type);
    }

    private static void Report(OperationBlockAnalysisContext context, TokenTypes types, Location location, string what, ITypeSymbol? type)
    {
        var names = string.Join(" or ", Resting(types, type).Select(types.NameOf).Distinct());
        if (names.Length > 0)
            context.ReportDiagnostic(Diagnostic.Create(Rule, location, what, names));
    }

    /// <summary>The states in a value from which the protocol could go on.</summary>
    private static IEnumerable<ITypeSymbol> Resting(TokenTypes types, ITypeSymbol? type) => types.TokensIn(type).Where(token => !types.IsFinal(token));

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
            // Only the message is read, and not the state after it.
            IMemberReferenceOperation member => member is IMethodReferenceOperation || types.IsToken(reference.Type) || types.TokensIn(member.Type).Any(),
            _ => !reference.IsDeclaration,
        };
    }
}
