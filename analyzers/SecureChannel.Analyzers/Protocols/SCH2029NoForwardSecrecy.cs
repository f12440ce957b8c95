using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2029: an established state can be reached without an ephemeral key of each role.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2029NoForwardSecrecy : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.NoForwardSecrecy];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph)
            yield break;
        foreach (var state in graph.Reachable.Where(state => model[state].IsEstablished && declaration.States[state].Established is not null))
        {
            // One diagnostic for each state: a role whose key is not required, the client if both keys are not.
            var lacking = new[] { RoleModel.Client, RoleModel.Server }
                .Select(role => (Role: role, Graph: graph.Without(transition => transition.Sender == role && transition.CarriesEphemeralKey)))
                .Where(item => item.Graph.IsReachable(state))
                .ToArray();
            if (lacking.Length == 0)
                continue;
            var (role, without) = lacking[0];
            yield return Diagnostic.Create(
                ProtocolDiagnostics.NoForwardSecrecy, declaration.States[state].Established!.GetLocation(),
                model[state].Name, role.Name(), Trace.Describe(without, without.PathTo(state)));
        }
    }
}
