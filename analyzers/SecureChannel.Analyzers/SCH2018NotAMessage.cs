using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2018: a transition names a type that is no message, or a message without a code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2018NotAMessage : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2018";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Transition carries no message", "'{0}' cannot travel by itself: {1}",
        Category, DiagnosticSeverity.Error, true,
        "What is sent is a type with [Message(code)]: the code tells its receiver what arrives.",
        "analyzers/docs/SCH2018.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        foreach (var transition in declaration.Transitions)
        {
            if (ProblemOf(transition.Message, declaration.Kind) is { } problem)
                yield return Diagnostic.Create(Rule, transition.MessageLocation, transition.MessageText, problem);
        }
    }

    private static string? ProblemOf(MessageReference? message, DeclarationKind kind) => message switch
    {
        null => "a message is a class or struct of its own, declared with [Message(code)]",
        { Code: not null } => null,
        // What a handshake's machine switches on must be known when it is generated.
        { IsHandWritten: true } => kind == DeclarationKind.Protocol ? null : "only running code knows its code; declare it with [Message(code)]",
        { VariantOf: { } original } => $"'{original.Name}', of which it is a variant, has no code; declare that one with [Message(code)]",
        _ => "it has no code; declare it with [Message(code)]",
    };
}
