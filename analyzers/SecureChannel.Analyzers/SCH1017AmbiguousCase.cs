using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1017: a tag of a union names two cases, or a case has two tags.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1017AmbiguousCase : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1017";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Union is ambiguous", "'{0}' is ambiguous: {1}",
        Category, DiagnosticSeverity.Error, true,
        "One value has one encoding, and one encoding one meaning.",
        "analyzers/docs/SCH1017.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.DuplicateTag => $"the tag {problem.Arguments[0]} announces both '{problem.Arguments[1]}' and '{problem.Arguments[2]}'",
        MessageProblemKind.DuplicateCase => $"'{problem.Arguments[0]}' has two tags, so one value would have two encodings; remove one, or derive a case for each",
        _ => null,
    };
}
