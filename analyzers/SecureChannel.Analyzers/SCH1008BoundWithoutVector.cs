using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1008: a bound stands on what is no vector.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1008BoundWithoutVector : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1008";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Bound bounds nothing", "'{0}' has a bound that bounds nothing: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A reader of the declaration would take the bound for a check; there is none to make.",
        "analyzers/docs/SCH1008.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.BoundWithoutVector => $"'{problem.Arguments[0]}' is written here without a length; remove [ByteLength]",
        MessageProblemKind.ElementBoundWithoutVector => $"'{problem.Arguments[0]}' is no list of texts, bytes, lists or messages, which have a length each; remove [ElementByteLength]",
        _ => null,
    };
}
