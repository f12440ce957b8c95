using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2013: a state's deadline is not positive, or longer than a timer can count.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2013Deadline : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2013";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Deadline is out of range", "A deadline of {0} seconds cannot be kept: give it more than 0 and at most {1} seconds (24 days)",
        Category, DiagnosticSeverity.Error, true,
        "A timer counts up to 24 days, and no state can be left before it is entered.",
        "analyzers/docs/SCH2013.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { } model)
            yield break;
        foreach (var (state, index) in declaration.States.Select((state, index) => (state, index)))
        {
            // The model keeps a deadline that it can keep; without an argument, the compiler complains.
            if (state.Deadline?.ArgumentList?.Arguments is [var seconds] && model[index].Deadline is null)
                yield return Diagnostic.Create(Rule, seconds.GetLocation(), seconds, DeclarationReader.MaxDeadline);
        }
    }
}
