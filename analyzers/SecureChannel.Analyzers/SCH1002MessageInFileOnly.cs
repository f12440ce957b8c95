using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1002: a message is visible in its own file only.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1002MessageInFileOnly : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1002";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message is kept by its file", "'{0}' has no codec: {1}",
        Category, DiagnosticSeverity.Error, true,
        "What is generated stands in another file, which cannot add a part to a type with the modifier file.",
        "analyzers/docs/SCH1002.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.FileLocal => $"'{problem.Arguments[0]}' is visible in its own file only, and what is generated stands in another; remove 'file'",
        _ => null,
    };
}
