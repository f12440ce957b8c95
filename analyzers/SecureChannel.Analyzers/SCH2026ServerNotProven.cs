using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2026: a way leads to an established state around the message that proves the server's identity.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2026ServerNotProven : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2026";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Handshake may be established without proof of the server",
        "'{0}' is [Established] and may be entered without a message that proves the server's identity: {1}",
        Category, DiagnosticSeverity.Error, true,
        "Where a message is declared to prove the server's identity, no way may lead around it: an attacker takes the shortest.",
        "analyzers/docs/SCH2026.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph || !Proofs.AreDeclared(model))
            yield break;
        var unproven = graph.Without(Proofs.ProvesServer);
        foreach (var state in unproven.Reachable.Where(state => model[state].IsEstablished))
        {
            yield return Diagnostic.Create(
                Rule, declaration.States[state].Established!.GetLocation(), model[state].Name, Trace.Describe(unproven, unproven.PathTo(state)));
        }
    }
}
