using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2029: an established state may be entered without an ephemeral key of each end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2029NoForwardSecrecy : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2029";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Handshake has no forward secrecy", "'{0}' may be entered without an ephemeral key of the {1}, so that its session has no forward secrecy: {2}",
        Category, DiagnosticSeverity.Info, true,
        "Where both ends contribute an ephemeral key, a session stays secret when long-term keys leak later; elsewhere, whoever recorded it reads it then.",
        "analyzers/docs/SCH2029.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { Declaration: { Kind: DeclarationKind.Handshake } model } graph)
            yield break;
        foreach (var state in graph.Reachable.Where(state => model[state].IsEstablished && declaration.States[state].Established is not null))
        {
            // One finding a state: the end whose key can be done without by the shortest way, the client if neither gives one.
            var lacking = new[] { RoleModel.Client, RoleModel.Server }
                .Select(role => (Role: role, Graph: graph.Without(transition => transition.Sender == role && transition.CarriesEphemeralKey)))
                .Where(item => item.Graph.IsReachable(state))
                .ToArray();
            if (lacking.Length == 0)
                continue;
            var (role, without) = lacking[0];
            yield return Diagnostic.Create(
                Rule, declaration.States[state].Established!.GetLocation(),
                model[state].Name, role.Name(), Trace.Describe(without, without.PathTo(state)));
        }
    }
}
