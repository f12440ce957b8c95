using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2021: a state has the name of a message that may arrive in it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2021StateNamedAsMessage : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2021";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "State has the name of a message that it receives",
        "State '{0}' receives a message of the same name, for which the generated type of the state has no room: rename one, or give the message " +
        "another name here by 'As'",
        Category, DiagnosticSeverity.Error, true,
        "What may arrive in a state becomes types inside of the state's type, and a type's member cannot have the name of the type.",
        "analyzers/docs/SCH2021.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { Kind: DeclarationKind.Protocol } model)
            yield break;
        foreach (var state in model.States)
        {
            foreach (var transition in state.Transitions)
            {
                if (transition.Label == state.Name)
                    yield return Diagnostic.Create(Rule, declaration[transition].MessageLocation, state.Name);
            }
        }
    }
}
