using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers;

/// <summary>SCH2020: a state or message has a name that generated code has itself, or that is none in C#.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2020ReservedName : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2020";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Name is taken by generated code", "'{0}' cannot name a {1}: {2}",
        Category, DiagnosticSeverity.Error, true,
        "States and messages name types and methods of the generated code, beside those that it has itself; keywords name nothing.",
        "analyzers/docs/SCH2020.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { } model)
            yield break;
        var told = new HashSet<DeclaredTransition>();
        foreach (var state in model.States)
        {
            if (Problem(state.Name, model, isState: true) is { } problem)
                yield return Diagnostic.Create(Rule, declaration.States[state.Index].Location, state.Name, "state", problem);
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if (Problem(transition.Label, model, isState: false) is { } wrong && told.Add(declared))
                {
                    var location = transition.As is null ? declared.MessageLocation : declared.LocationOf("As");
                    yield return Diagnostic.Create(Rule, location, transition.Label, "message here", wrong + "; give it another here by 'As'");
                }
            }
        }
    }

    private static string? Problem(string name, DeclarationModel model, bool isState)
    {
        if (!RoleView.IsName(name))
            return "it is no name in C#, or a keyword";
        var isTaken = model.Kind == DeclarationKind.Protocol && (isState
            ? RoleView.IsTakenFromStates(name) || name == model.Name + RoleModel.Client || name == model.Name + RoleModel.Server
            : RoleView.IsTakenFromMessages(name));
        return isTaken ? "the generated code has something of that name" : null;
    }
}
