using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1014: a message always holds another of its own type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1014EndlessRecursion : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1014";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message has no end", "'{0}' has no end: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A message that always holds another of itself can be neither made nor written.",
        "analyzers/docs/SCH1014.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.EndlessRecursion => $"it always holds another of its own type, by way of {string.Join(", ", problem.Arguments)}; make one of these optional, a list or a union",
        _ => null,
    };
}
