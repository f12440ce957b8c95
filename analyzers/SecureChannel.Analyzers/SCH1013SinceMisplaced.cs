using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1013: a field of a later version cannot be left out for an earlier one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1013SinceMisplaced : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1013";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Field cannot be added in a version", "'{0}' cannot be added in a version: {1}",
        Category, DiagnosticSeverity.Error, true,
        "To a peer of an earlier version the field is not sent, and at an earlier version it has its default.",
        "analyzers/docs/SCH1013.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.SinceOutOfRange => $"versions begin at 1, and {problem.Arguments[0]} is none",
        MessageProblemKind.SinceOutOfOrder => $"it belongs to {VersionOf(problem.Arguments[1])} and comes after a field of {VersionOf(problem.Arguments[0])}; put fields of later versions last",
        MessageProblemKind.SinceWithoutDefault => "it has no default for an earlier version; make the parameter optional, or the property not required",
        MessageProblemKind.SinceBesideRemainder => "the message ends with a remainder, in which an earlier version would find its bytes; leave out one of them",
        _ => null,
    };

    private static string VersionOf(string number) => number == "0" ? "every version" : $"version {number}";
}
