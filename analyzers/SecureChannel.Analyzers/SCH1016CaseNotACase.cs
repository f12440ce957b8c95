using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1016: a case of a union is none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1016CaseNotACase : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1016";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Case is none", "'{0}' has a case that is none: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A case is a message that derives from the union, with a tag that fits the tag's type.",
        "analyzers/docs/SCH1016.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.CaseNotDerived => $"'{problem.Arguments[0]}' is no [Message] that derives from the union",
        MessageProblemKind.TagOutOfRange => $"the tag {problem.Arguments[1]} of '{problem.Arguments[0]}' does not fit the tag's type; choose another, or a larger type by 'Tag' of [Union]",
        _ => null,
    };
}
