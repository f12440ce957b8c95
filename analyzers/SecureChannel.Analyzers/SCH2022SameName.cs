using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2022: two messages that one end may send in a state have one simple name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2022SameName : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2022";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Two messages of one name meet", "In '{0}' the {1} may send two messages that are called '{2}': give one another name here by 'As'",
        Category, DiagnosticSeverity.Error, true,
        "The generated types of a state are called after its messages; where two have one simple name, As tells them apart.",
        "analyzers/docs/SCH2022.md");

    /// <summary>The property of a finding that proposes a name.</summary>
    public const string As = "As";

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
                if (graph[state].Take(place).FirstOrDefault(transition => TransitionConflict.OfNames(transition, later)) is not { } earlier)
                    continue;
                var name = Suggest(later.Message);
                var isFree = graph[state].All(transition => transition.Sender != later.Sender || transition.Label != name);
                yield return Diagnostic.Create(
                    Rule, declaration[later].MessageLocation, [declaration[earlier].MessageLocation],
                    isFree && later.As is null ? ImmutableDictionary<string, string?>.Empty.Add(As, name) : null,
                    graph.NameOf(state), later.Sender.Name(), later.Label);
            }
        }
    }

    // The last part of the namespace tells the two apart, as it does for the compiler.
    private static string Suggest(MessageReference message) => message.Namespace.Substring(message.Namespace.LastIndexOf('.') + 1) + message.Identifier;
}
