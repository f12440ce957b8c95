using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2017: the target of a transition is not a state of its enum.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2017TargetNotAState : DeclarationRule
{
    /// <summary>
    /// The key of the diagnostic property with the state that the target names in another form, such as a string; absent if the target does not name a state.
    /// </summary>
    public const string State = "State";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.TargetNotAState];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        foreach (var transition in declaration.Transitions.Where(transition => transition.Target == TargetKind.Other))
        {
            var meant = NameIn(transition.TargetSyntax);
            yield return Diagnostic.Create(
                ProtocolDiagnostics.TargetNotAState, transition.TargetSyntax?.GetLocation() ?? transition.Location,
                declaration.States.Any(state => state.Name == meant) ? ImmutableDictionary<string, string?>.Empty.Add(State, meant) : null,
                transition.TargetSyntax is { } target ? $"'{target}'" : "The target", declaration.Syntax.Identifier.ValueText);
        }
    }

    private static string? NameIn(ExpressionSyntax? target) => target switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => text,
        MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [var argument] } =>
            NameIn(argument.Expression),
        _ => null,
    };
}
