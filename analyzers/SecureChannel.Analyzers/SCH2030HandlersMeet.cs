using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2030: two messages of a handshake want one handler, or one method that writes them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2030HandlersMeet : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2030";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Handlers of a handshake meet", "'{0}' needs methods of its own here: {1}; give it another name by 'As'",
        Category, DiagnosticSeverity.Error, true,
        "What is written by hand for a message is found by its name; two messages of one name, or one message that proves an identity only sometimes, need two.",
        "analyzers/docs/SCH2030.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { Kind: DeclarationKind.Handshake } model)
            yield break;
        var earlier = new List<Transition>();
        var told = new HashSet<DeclaredTransition>();
        foreach (var state in model.States)
        {
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if (Problem(transition, earlier) is { } problem && told.Add(declared))
                    yield return Diagnostic.Create(Rule, declared.MessageLocation, transition.Message.Name, problem);
                earlier.Add(transition);
            }
        }
    }

    private static string? Problem(Transition transition, IEnumerable<Transition> earlier)
    {
        foreach (var other in earlier.Where(other => other.Sender == transition.Sender))
        {
            var isSame = other.Message.FullyQualifiedName == transition.Message.FullyQualifiedName;
            if (!isSame && other.Label == transition.Label)
                return $"another message that the {transition.Sender.Name()} sends is called '{transition.Label}' too";
            if (isSame && other.As == transition.As && other.Authenticates != transition.Authenticates)
                return "it proves an identity in one state and none in another";
        }

        return null;
    }
}
