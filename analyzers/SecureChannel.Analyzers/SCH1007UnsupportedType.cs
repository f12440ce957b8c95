using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1007: the type of a field has no encoding.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1007UnsupportedType : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1007";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Type has no encoding", "'{0}' has no encoding: {1}",
        Category, DiagnosticSeverity.Error, true,
        "Fields are of types of the presentation language, of messages and unions, or have a converter.",
        "analyzers/docs/SCH1007.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.UnsupportedType => Unsupported(problem),
        MessageProblemKind.UnsupportedKey => $"'{problem.Arguments[0]}' cannot be a dictionary's key, which is an integer, a bool, an enum, a GUID, a time or a text that is not null",
        _ => null,
    };

    private static string? Unsupported(MessageProblem problem) => problem.Arguments.Count < 2
        ? $"'{problem.Arguments[0]}' cannot travel"
        // The compiler itself tells what does not exist.
        : problem.Arguments[1] == "it does not exist" ? null : $"'{problem.Arguments[0]}' cannot travel: {problem.Arguments[1]}";
}
