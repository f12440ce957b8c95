using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1011: a converter is none for the type of its field.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1011ConverterMismatch : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1011";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Converter is for another type", "'{0}' has a converter for another type: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A converter reads and writes exactly one type.",
        "analyzers/docs/SCH1011.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.ConverterMismatch => $"'{problem.Arguments[0]}' is no IConverter<{problem.Arguments[1]}>, nor one of a type within it",
        _ => null,
    };
}
