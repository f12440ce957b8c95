using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1005: a base class has state that would not travel.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1005InheritedState : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1005";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State of a base class would not travel", "'{0}' would not travel whole: {1}",
        Category, DiagnosticSeverity.Error, true,
        "The fields of a message are those of its own type; what a base class holds would be lost without a word.",
        "analyzers/docs/SCH1005.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.InheritedState => $"its base class '{problem.Arguments[0]}' has state; put those fields into the message, or hold the base as a field",
        _ => null,
    };
}
