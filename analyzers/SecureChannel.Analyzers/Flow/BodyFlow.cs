using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>
/// The flow of sessions, tokens and tasks through a body: a worklist over the control-flow graph until no state changes, then one pass that reports. An
/// exception leaves a try block with the state before the operation that threw. A finally block is followed once for each path into the block.
/// </summary>
internal sealed class BodyFlow
{
    private readonly ControlFlowGraph _graph;
    private readonly Evaluator _evaluator;
    private readonly Action<Demand, States> _demanded;
    private readonly Dictionary<Node, FlowState> _entries = [];
    private readonly Queue<Node> _waiting = new();
    private bool _settled;

    private BodyFlow(ControlFlowGraph graph, Facts facts, TokenTypes types, Captures captures, ISymbol owner, Action<Demand, States> demanded)
    {
        _graph = graph;
        _demanded = demanded;
        _evaluator = new Evaluator(facts, types, captures, owner, Demanded);
    }

    /// <summary>
    /// Follows a body with its lambdas and local functions. Calls <paramref name="demanded"/> for each demand on a followed object, once for each path to it,
    /// with the possible states of the object.
    /// </summary>
    public static void Follow(
        ControlFlowGraph graph, Facts facts, TokenTypes types, Captures captures, ISymbol owner, Action<Demand, States> demanded, CancellationToken cancellationToken)
    {
        new BodyFlow(graph, facts, types, captures, owner, demanded).Run(facts, types, owner, cancellationToken);
        foreach (var function in graph.LocalFunctions)
            Follow(graph.GetLocalFunctionControlFlowGraph(function, cancellationToken), facts, types, captures, function, demanded, cancellationToken);
        foreach (var operation in graph.Blocks.SelectMany(Operations).SelectMany(operation => operation.DescendantsAndSelf()))
        {
            if (operation is IFlowAnonymousFunctionOperation lambda)
                Follow(graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellationToken), facts, types, captures, lambda.Symbol, demanded, cancellationToken);
        }
    }

    private static IEnumerable<IOperation> Operations(BasicBlock block) =>
        block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations;

    private void Demanded(Demand demand, States states)
    {
        if (_settled)
            _demanded(demand, states);
    }

    private void Run(Facts facts, TokenTypes types, ISymbol owner, CancellationToken cancellationToken)
    {
        Enter(new Node(0, null), Initial(facts, types, owner));
        // The lattice is finite, but the names of joined sessions could alternate: a body that does not converge is not reported.
        for (var left = (_graph.Blocks.Length * 64) + 1024; _waiting.Count > 0; left--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (left == 0)
                return;
            var node = _waiting.Dequeue();
            Pass(node, _entries[node].Clone());
        }

        _settled = true;
        foreach (var entry in _entries)
            Pass(entry.Key, entry.Value.Clone());
    }

    private static FlowState Initial(Facts facts, TokenTypes types, ISymbol owner)
    {
        var state = new FlowState();
        if (owner is not IMethodSymbol method)
            return state;
        var known = facts.Of(method).Parameters;
        foreach (var parameter in method.Parameters)
        {
            var states = (parameter.Ordinal < known.Length ? known[parameter.Ordinal].InState : null) is { } stage
                ? stage | States.Unbegun
                : types.InitialOf(parameter.Type);
            state.Write(Place.Of(parameter), states == States.None ? Value.Unknown : state.Create(new ObjectId(parameter), states));
        }

        return state;
    }

    private void Enter(Node node, FlowState state)
    {
        if (_settled)
            return;
        if (!_entries.TryGetValue(node, out var entry))
            _entries[node] = state.Clone();
        else if (!entry.Join(state, node.Block))
            return;
        if (!_waiting.Contains(node))
            _waiting.Enqueue(node);
    }

    private void Pass(Node node, FlowState state)
    {
        var block = _graph.Blocks[node.Block];
        var guarded = IsGuarded(block.EnclosingRegion);
        foreach (var operation in Operations(block))
        {
            var before = guarded ? state.Clone() : null;
            if (operation == block.BranchValue && block.FallThroughSuccessor?.Semantics == ControlFlowBranchSemantics.Return && block.ConditionalSuccessor is null)
                _evaluator.Return(operation, state);
            else
                _evaluator.Evaluate(operation, state);
            if (before is not null)
                Throw(block.EnclosingRegion, node.Frame, before.Thrown(state));
        }

        var constant = block.BranchValue?.ConstantValue is { HasValue: true, Value: bool value } ? value : (bool?)null;
        var taken = constant is { } known ? known == (block.ConditionKind == ControlFlowConditionKind.WhenTrue) : (bool?)null;
        var isTakenWhen = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
        if (block.ConditionalSuccessor is { } conditional && taken != false && _evaluator.Narrow(block.BranchValue, isTakenWhen, state) is { } matched)
            Take(conditional, node.Frame, matched);
        if (block.FallThroughSuccessor is not { } next)
            return;
        if (block.ConditionalSuccessor is null)
            Take(next, node.Frame, state);
        else if (taken != true && _evaluator.Narrow(block.BranchValue, !isTakenWhen, state) is { } unmatched)
            Take(next, node.Frame, unmatched);
    }

    private void Take(ControlFlowBranch branch, Frame? frame, FlowState state)
    {
        if (branch.Semantics is ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow)
            Throw(branch.Source.EnclosingRegion, frame, state);
        else if (branch.Semantics is ControlFlowBranchSemantics.StructuredExceptionHandling)
            EndFinally(branch.Source.EnclosingRegion, frame, state);
        else if (branch.Destination is not null)
            Leave(branch, 0, frame, state);
    }

    /// <summary>
    /// Follows a branch that leaves try blocks: enters the branch's finally block with the given index, or the branch's destination after the last finally
    /// block.
    /// </summary>
    private void Leave(ControlFlowBranch branch, int index, Frame? frame, FlowState state)
    {
        if (index < branch.FinallyRegions.Length)
        {
            Enter(new Node(branch.FinallyRegions[index].FirstBlockOrdinal, new Frame(branch, index, frame)), state);
            return;
        }

        var arrived = state.Clone();
        var places = branch.LeavingRegions.SelectMany(region => region.Locals.Select(Place.Of).Concat(region.CaptureIds.Select(Place.Of))).ToList();
        foreach (var task in arrived.Forget(places))
            _evaluator.Lose(task, arrived);
        Enter(new Node(branch.Destination!.Ordinal, frame), arrived);
    }

    private void EndFinally(ControlFlowRegion region, Frame? frame, FlowState state)
    {
        var ended = region;
        while (ended is not null && ended.Kind != ControlFlowRegionKind.Finally)
            ended = ended.EnclosingRegion;
        if (ended is null || frame is null)
            return;
        if (frame.Branch is { } branch)
            Leave(branch, frame.Index + 1, frame.Outer, state);
        else
            Throw(ended.EnclosingRegion?.EnclosingRegion, frame.Outer, state);
    }

    /// <summary>
    /// Passes an exception to the handlers around a region, from the innermost outwards. Stops at a handler that catches every exception, or at a finally
    /// block, which passes the exception on when the block ends. The regions around the root of a lambda's graph belong to another graph.
    /// </summary>
    private void Throw(ControlFlowRegion? region, Frame? frame, FlowState state)
    {
        for (; region is not null && region.Kind != ControlFlowRegionKind.Root; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Finally)
                frame = frame?.Outer;
            if (region.Kind != ControlFlowRegionKind.Try || region.EnclosingRegion is not { } guard)
                continue;
            foreach (var handler in guard.NestedRegions.Where(nested => nested.Kind != ControlFlowRegionKind.Try))
            {
                var isFinally = handler.Kind == ControlFlowRegionKind.Finally;
                Enter(new Node(handler.FirstBlockOrdinal, isFinally ? new Frame(null, 0, frame) : frame), state);
                if (isFinally || CatchesAll(handler))
                    return;
            }
        }
    }

    private static bool CatchesAll(ControlFlowRegion handler) =>
        handler.Kind == ControlFlowRegionKind.Catch
        && (handler.ExceptionType is null or { SpecialType: SpecialType.System_Object } || handler.ExceptionType.ToDisplayString() == "System.Exception");

    private static bool IsGuarded(ControlFlowRegion? region)
    {
        for (; region is not null && region.Kind != ControlFlowRegionKind.Root; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Try)
                return true;
        }

        return false;
    }

    /// <summary>A block, with the continuations of the finally blocks that contain the block.</summary>
    private sealed record Node(int Block, Frame? Frame);

    /// <summary>The continuation of a finally block: the branch that entered the block, or an exception if the branch is null.</summary>
    private sealed record Frame(ControlFlowBranch? Branch, int Index, Frame? Outer);
}
