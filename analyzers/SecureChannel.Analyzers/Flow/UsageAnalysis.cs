using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using SecureChannel.Model;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The analysis that the usage rules share: each body is followed once for all rules. One instance for each compilation; thread-safe.</summary>
internal sealed class UsageAnalysis
{
    private static readonly ConditionalWeakTable<Compilation, UsageAnalysis> Analyses = new();

    // The key is the body's first block, which lives as long as the compilation's operations.
    private readonly ConditionalWeakTable<IOperation, IReadOnlyCollection<Finding>> _found = new();

    public Facts Facts { get; } = new();

    public TokenTypes Types { get; } = new();

    /// <summary>Gets the analysis of a compilation, or null if the compilation does not reference SecureChannel.</summary>
    public static UsageAnalysis? Of(Compilation compilation) =>
        compilation.GetTypesByMetadataName(KnownTypes.InStateAttribute).IsEmpty ? null : Analyses.GetValue(compilation, _ => new UsageAnalysis());

    /// <summary>Gets the demands in a body, with the possible states of their objects.</summary>
    public IReadOnlyCollection<Finding> Follow(OperationBlockAnalysisContext context)
    {
        if (context.OperationBlocks.IsEmpty)
            return [];
        if (_found.TryGetValue(context.OperationBlocks[0], out var known))
            return known;
        var found = context.OperationBlocks.Any(block => block.DescendantsAndSelf().Any(Demands)) ? FollowBlocks(context) : [];
        return _found.GetValue(context.OperationBlocks[0], _ => found);
    }

    private Finding[] FollowBlocks(OperationBlockAnalysisContext context)
    {
        var captures = new Captures(Facts, Types, context.OperationBlocks);
        var found = new Dictionary<(DemandKind, TextSpan, ISymbol?, States), Finding>();
        foreach (var block in context.OperationBlocks)
        {
            // Default values of parameters and arguments of attributes have no control flow.
            if (block.Kind is OperationKind.ParameterInitializer or OperationKind.None or OperationKind.Attribute)
                continue;
            BodyFlow.Follow(context.GetControlFlowGraph(block), Facts, Types, captures, context.OwningSymbol, Note, context.CancellationToken);
        }

        return [.. found.Values];

        void Note(Demand demand, States states)
        {
            var key = (demand.Kind, demand.Site.Span, demand.Member, demand.Required);
            found[key] = new Finding(demand, found.TryGetValue(key, out var earlier) ? earlier.States | states : states);
        }
    }

    private bool Demands(IOperation operation) => operation switch
    {
        IInvocationOperation call => TokenTypes.IsReceiveLane(call.Instance?.Type) || Facts.Of(call.TargetMethod).Demands || Types.EffectOf(call.TargetMethod) != TokenEffect.None || Types.IsChain(call.TargetMethod),
        IPropertyReferenceOperation property => Facts.Of(property.Property).Requires is not null,
        IObjectCreationOperation { Constructor: { } constructor } => Facts.Of(constructor).Demands,
        IArgumentOperation argument => Types.IsToken(argument.Parameter?.Type) || TokenTypes.IsReceiveLane(argument.Parameter?.Type),
        _ => false,
    };
}
