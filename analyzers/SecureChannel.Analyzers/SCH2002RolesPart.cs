using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2002: messages cross, both are received, and then client and server are in different states.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2002RolesPart : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2002";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Crossing messages lead the ends to different states",
        "'{0}' of the client and '{1}' of the server may cross in '{2}', and then the ends are in different states: {3}",
        Category, DiagnosticSeverity.Error, true,
        "Whichever of two crossing messages is sent first, both ends must be in one state once both have arrived.",
        "analyzers/docs/SCH2002.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification is not { } verdict)
            yield break;
        foreach (var (crossing, trace) in verdict.Crossings)
        {
            if (crossing is Crossing.Parted parted)
            {
                yield return Diagnostic.Create(
                    Rule, declaration[parted.Client].Location, [declaration[parted.Server].Location],
                    parted.Client.Label, parted.Server.Label, verdict.Graph.NameOf(parted.Client.From), trace);
            }
        }
    }
}
