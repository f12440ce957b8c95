using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1004: fields stand in several parts of a type, between which there is no order.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1004FieldsInSeveralParts : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1004";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Order of fields is not certain", "'{0}' has no certain place among the fields: {1}",
        Category, DiagnosticSeverity.Error, true,
        "The order of the fields is the order of the bytes; between the parts of a partial type the language knows none.",
        "analyzers/docs/SCH1004.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.UncertainOrder => "fields stand in several parts of the type, between which there is no order; put all of them into one part",
        _ => null,
    };
}
