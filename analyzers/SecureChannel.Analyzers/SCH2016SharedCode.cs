using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2016: two messages that one end may send in a state have one code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2016SharedCode : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2016";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Two messages of one code may arrive",
        "In '{0}' the {1} may send '{2}' and '{3}', which have one code, {4}: the receiver could not tell them apart",
        Category, DiagnosticSeverity.Error, true,
        "A message's code is all that its receiver knows before it reads the rest; variants of one message are told apart by their content.",
        "analyzers/docs/SCH2016.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification?.Graph is not { } graph)
            yield break;
        foreach (var state in Enumerable.Range(0, declaration.States.Count))
        {
            for (var place = 1; place < graph[state].Count; place++)
            {
                var later = graph[state][place];
                if (graph[state].Take(place).FirstOrDefault(transition => TransitionConflict.OfCodes(transition, later)) is { } earlier)
                {
                    yield return Diagnostic.Create(
                        Rule, declaration[later].MessageLocation, [declaration[earlier].MessageLocation],
                        graph.NameOf(state), later.Sender.Name(), earlier.Message.Name, later.Message.Name,
                        later.Message.OnTheWire.Code);
                }
            }
        }
    }
}
