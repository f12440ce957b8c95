using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2002: messages cross, and afterwards client and server are in different states.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2002RolesDiverge : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.RolesDiverge];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification is not { } verification)
            yield break;
        foreach (var (crossing, trace) in verification.Crossings)
        {
            if (crossing is Crossing.Diverged diverged)
            {
                yield return Diagnostic.Create(
                    ProtocolDiagnostics.RolesDiverge, declaration[diverged.Client].Location, [declaration[diverged.Server].Location],
                    diverged.Client.Label, diverged.Server.Label, verification.Graph.NameOf(diverged.Client.From), trace);
            }
        }
    }
}
