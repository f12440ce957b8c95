using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2022: two messages that one role can send in a state have the same simple name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2022DuplicateName : DeclarationRule
{
    /// <summary>The key of the diagnostic property with the proposed name.</summary>
    public const string As = "As";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.DuplicateName];

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
                    ProtocolDiagnostics.DuplicateName, declaration[later].MessageLocation, [declaration[earlier].MessageLocation],
                    isFree && later.As is null ? ImmutableDictionary<string, string?>.Empty.Add(As, name) : null,
                    graph.NameOf(state), later.Sender.Name(), later.Label);
            }
        }
    }

    // The last part of the namespace distinguishes the two.
    private static string Suggest(MessageReference message) => message.Namespace.Substring(message.Namespace.LastIndexOf('.') + 1) + message.Identifier;
}
