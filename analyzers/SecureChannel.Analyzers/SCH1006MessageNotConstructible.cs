using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1006: no value of a message can be made from its bytes.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1006MessageNotConstructible : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1006";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message cannot be made from its bytes", "'{0}' cannot be made from its bytes: {1}",
        Category, DiagnosticSeverity.Error, true,
        "What is read must get into the message: by a constructor whose parameters are fields by name and type, or by setters.",
        "analyzers/docs/SCH1006.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.NoConstructor => problem.Member.Length > 0
                ? "nothing sets it; give it 'init' or 'set', or a constructor parameter of its name and type"
                : "no constructor takes only fields, by their names and types; add one, or make the fields settable",
        _ => null,
    };
}
