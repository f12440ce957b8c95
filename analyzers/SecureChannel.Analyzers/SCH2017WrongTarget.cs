using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2017: a transition leads to something that is no state of its enum.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2017WrongTarget : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2017";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Transition leads to no state", "{0} is no state of '{1}', so this transition leads nowhere: name a member of the enum",
        Category, DiagnosticSeverity.Error, true,
        "The state after a message is a member of the enum itself, named without quotes.",
        "analyzers/docs/SCH2017.md");

    /// <summary>The property of a finding that names a state of the enum in another way.</summary>
    public const string State = "State";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        foreach (var transition in declaration.Transitions.Where(transition => transition.Target == TargetKind.NoState))
        {
            var meant = NameIn(transition.TargetSyntax);
            yield return Diagnostic.Create(
                Rule, transition.TargetSyntax?.GetLocation() ?? transition.Location,
                declaration.States.Any(state => state.Name == meant) ? ImmutableDictionary<string, string?>.Empty.Add(State, meant) : null,
                transition.TargetSyntax?.ToString() ?? "This", declaration.Syntax.Identifier.ValueText);
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
