using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1009: no value has a size within a bound.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1009ImpossibleBound : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1009";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Bound is impossible", "'{0}' can have no size: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A bound that no value satisfies makes a message that can be neither written nor read.",
        "analyzers/docs/SCH1009.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.ImpossibleBound => $"its bound is {problem.Arguments[0]} to {problem.Arguments[1]}; the least is 0 or more, and the greatest no smaller than the least",
        MessageProblemKind.BoundBelowContent => $"'{problem.Arguments[0]}' has at least {problem.Arguments[1]} bytes, of which a vector of at most {problem.Arguments[2]} holds none; raise the bound",
        MessageProblemKind.ElementBoundWithoutBytes => "its elements would have no bytes, so that nobody could count them; let [ElementByteLength] end at 1 or more",
        MessageProblemKind.BoundWithoutMultiple => $"each of its elements has {problem.Arguments[2]} bytes, and no number of them has {problem.Arguments[0]} to {problem.Arguments[1]}; change the bound, which counts bytes",
        _ => null,
    };
}
