using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2018: a transition names a type that is not a message with a code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2018MessageWithoutCode : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.MessageWithoutCode];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        foreach (var transition in declaration.Transitions)
        {
            if (ProblemOf(transition.Message, declaration.Kind) is { } problem)
                yield return Diagnostic.Create(ProtocolDiagnostics.MessageWithoutCode, transition.MessageLocation, transition.MessageText, problem);
        }
    }

    private static string? ProblemOf(MessageReference? message, DeclarationKind kind) => message switch
    {
        null => "a message must be a class or struct with [Message(code)]",
        { Code: not null } => null,
        // The machine of a handshake switches on codes, which must be known when it is generated.
        { IsHandWritten: true } => kind == DeclarationKind.Protocol ? null : "its code is known only at run time; declare it with [Message(code)]",
        { VariantOf: { } original } => $"it is a variant of '{original.Name}', which has no code; declare '{original.Name}' with [Message(code)]",
        _ => "it has no code; declare it with [Message(code)]",
    };
}
