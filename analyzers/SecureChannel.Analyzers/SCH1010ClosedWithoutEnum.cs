using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1010: [ClosedEnum] stands on what holds no enum.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1010ClosedWithoutEnum : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1010";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Nothing to close", "'{0}' has nothing to close: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A reader of the declaration would take [ClosedEnum] for a check; there is none to make.",
        "analyzers/docs/SCH1010.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.ClosedWithoutEnum => $"'{problem.Arguments[0]}' holds no enum; remove [ClosedEnum]",
        _ => null,
    };
}
