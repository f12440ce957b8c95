using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2008: no state of a protocol is final, or none of a handshake established.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2008NoEnd : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2008";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Declaration has no end", "No state of '{0}' is [{1}]: {2}",
        Category, DiagnosticSeverity.Error, true,
        "A protocol ends in a state with [Final], a handshake is complete in one with [Established]; without one, every end is a failure.",
        "analyzers/docs/SCH2008.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { States.Count: > 0 } model || TerminalStates.Of(model).Any())
            yield break;
        var (marker, advice) = model.Kind == DeclarationKind.Protocol
            ? ("Final", "every end would be a truncation; mark the state in which the protocol ends")
            : ("Established", "application data could never flow; mark the state in which the handshake is complete");
        yield return Diagnostic.Create(Rule, declaration.Syntax.Identifier.GetLocation(), model.Name, marker, advice);
    }
}
