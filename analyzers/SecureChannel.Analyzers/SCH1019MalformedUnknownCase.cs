using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1019: the unknown case of a union cannot keep what came.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1019MalformedUnknownCase : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1019";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Unknown case cannot keep what came", "'{0}' cannot keep an unknown case: {1}",
        Category, DiagnosticSeverity.Error, true,
        "The unknown case holds the tag and the bytes of a case that nobody declared, and nothing else.",
        "analyzers/docs/SCH1019.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.MalformedUnknownCase => $"'{problem.Arguments[0]}' is no record nested in the union and derived from it that takes exactly a '{problem.Arguments[1]}' and a ReadOnlyMemory<byte>",
        _ => null,
    };
}
