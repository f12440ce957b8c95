using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2027: no message of a handshake proves the server's identity.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2027NobodyProven : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2027";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "No message proves the server's identity",
        "No message of '{0}' is declared to prove the server's identity, so whoever answers can be the server: add 'Authenticates = Role.Server' to the " +
        "transition whose handler checks it",
        Category, DiagnosticSeverity.Warning, true,
        "A handshake without proof of the server protects from eavesdropping at most; whoever is in between reads all.",
        "analyzers/docs/SCH2027.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is { Kind: DeclarationKind.Handshake, States.Count: > 0 } model && TerminalStates.Of(model).Any() && !Proofs.AreDeclared(model))
            yield return Diagnostic.Create(Rule, declaration.Syntax.Identifier.GetLocation(), model.Name);
    }
}
