using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2021: a state has the name of a message that can arrive in it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2021StateNamedAsMessage : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.StateNamedAsMessage];

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
                    yield return Diagnostic.Create(ProtocolDiagnostics.StateNamedAsMessage, declaration[transition].MessageLocation, state.Name);
            }
        }
    }
}
