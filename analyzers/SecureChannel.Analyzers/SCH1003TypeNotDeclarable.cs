using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1003: a type of this kind cannot be a message or union.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1003TypeNotDeclarable : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1003";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Type cannot be a message", "'{0}' cannot be a message: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A message is a class, struct or record of which values can be made; a union is an abstract record.",
        "analyzers/docs/SCH1003.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.Static => "it is static, so there is no value of it; remove 'static'",
        MessageProblemKind.AbstractMessage => "it is abstract; declare the types that derive from it, or make it a union with [Union]",
        MessageProblemKind.UnionNotAbstractRecord => "a union is an abstract record from which its cases derive; declare it 'abstract partial record'",
        _ => null,
    };
}
