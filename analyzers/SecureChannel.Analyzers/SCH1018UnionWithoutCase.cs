using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1018: a union has no case.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1018UnionWithoutCase : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1018";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Union has no case", "'{0}' has no case: {1}",
        Category, DiagnosticSeverity.Error, true,
        "There is no value of a union without cases.",
        "analyzers/docs/SCH1018.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.NoCase => "add [UnionCase<T>(tag)] for each message that derives from it",
        _ => null,
    };
}
