using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1015: the tag of a union is of a type that cannot be one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1015UnsupportedTag : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1015";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Tag cannot tell cases apart", "'{0}' has a tag that cannot tell cases apart: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A tag is an unsigned integer or an enum over one.",
        "analyzers/docs/SCH1015.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.UnsupportedTag => $"'{problem.Arguments[0]}' is neither byte, ushort, uint or ulong nor an enum",
        _ => null,
    };
}
