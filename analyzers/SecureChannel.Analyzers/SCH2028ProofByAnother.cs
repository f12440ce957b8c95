using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2028: a message is declared to prove the identity of its receiver.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2028ProofByAnother : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2028";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message proves the identity of its receiver", "'{0}' is sent by the {1}, and so cannot prove the identity of the {2}: a message proves its sender",
        Category, DiagnosticSeverity.Error, true,
        "Only the receiver of a message can check a proof, and only its sender can give one; a proof of the receiver is checked by nobody.",
        "analyzers/docs/SCH2028.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Kind != DeclarationKind.Handshake
        ? []
        : declaration.Transitions
            .Where(transition => transition.Sender is { } sender && transition.Authenticates is { } authenticated && authenticated != sender)
            .Select(transition => Diagnostic.Create(
                Rule, transition.LocationOf("Authenticates"),
                transition.MessageText, transition.Sender!.Value.Name(), transition.Authenticates!.Value.Name()));
}
