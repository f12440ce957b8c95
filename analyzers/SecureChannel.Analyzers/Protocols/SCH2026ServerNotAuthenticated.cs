using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2026: an established state can be reached without a message that authenticates the server.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2026ServerNotAuthenticated : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.ServerNotAuthenticated];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph || !ServerAuthentication.IsDeclared(model))
            yield break;
        var unproven = graph.Without(ServerAuthentication.IsProvidedBy);
        foreach (var state in unproven.Reachable.Where(state => model[state].IsEstablished))
        {
            yield return Diagnostic.Create(
                ProtocolDiagnostics.ServerNotAuthenticated, declaration.States[state].Established!.GetLocation(), model[state].Name, Trace.Describe(unproven, unproven.PathTo(state)));
        }
    }
}
