using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2013: a state's deadline is not positive or exceeds the range of a timer.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2013DeadlineOutOfRange : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.DeadlineOutOfRange];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { } model)
            yield break;
        foreach (var (state, index) in declaration.States.Select((state, index) => (state, index)))
        {
            // The model contains only valid deadlines; the compiler reports a missing argument.
            if (state.Deadline?.ArgumentList?.Arguments is [var seconds] && model[index].Deadline is null)
                yield return Diagnostic.Create(ProtocolDiagnostics.DeadlineOutOfRange, seconds.GetLocation(), seconds, DeclarationReader.MaxDeadline);
        }
    }
}
