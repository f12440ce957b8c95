using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2001: messages cross, and one arrives in a state that does not receive it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2001MessageNotReceived : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2001";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message may arrive where nothing receives it", "'{0}' may arrive at the {1} in '{2}', where nothing receives it: {3}",
        Category, DiagnosticSeverity.Error, true,
        "Where both ends may send, each may have sent before the other's message arrives; the state that its own message leads to must then receive it.",
        "analyzers/docs/SCH2001.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification is not { } verdict)
            yield break;
        foreach (var (crossing, trace) in verdict.Crossings)
        {
            if (crossing is not Crossing.NotReceived arrival)
                continue;
            var message = arrival.Message;
            yield return Diagnostic.Create(
                Rule,
                declaration[message].Location,
                [declaration[arrival.Crossed].Location],
                FixEncoding.For(declaration, arrival),
                message.Label, message.Receiver.Name(), verdict.Graph.NameOf(arrival.At), trace);
        }
    }
}
