using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2020: the name of a state or message is reserved for generated code or is not an identifier in C#.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2020ReservedName : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.ReservedName];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { } model)
            yield break;
        var reported = new HashSet<DeclaredTransition>();
        foreach (var state in model.States)
        {
            if (Problem(state.Name, model, isState: true) is { } problem)
                yield return Diagnostic.Create(ProtocolDiagnostics.ReservedName, declaration.States[state.Index].Location, state.Name, "state", problem);
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if (Problem(transition.Label, model, isState: false) is { } wrong && reported.Add(declared))
                {
                    var location = transition.As is null ? declared.MessageLocation : declared.LocationOf("As");
                    yield return Diagnostic.Create(ProtocolDiagnostics.ReservedName, location, transition.Label, "message", wrong + "; set another name with 'As'");
                }
            }
        }
    }

    private static string? Problem(string name, DeclarationModel model, bool isState)
    {
        if (!RoleView.IsName(name))
            return "it is a C# keyword or not a valid C# identifier";
        var isTaken = model.Kind == DeclarationKind.Protocol && (isState
            ? RoleView.IsTakenFromStates(name) || name == model.Name + RoleModel.Client || name == model.Name + RoleModel.Server
            : RoleView.IsTakenFromMessages(name));
        return isTaken ? "generated code uses this name" : null;
    }
}
