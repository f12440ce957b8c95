using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2023: a message of a protocol is a ref struct, so the role that receives it is not generated.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2023RefStructMessage : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.RefStructMessage];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { Kind: DeclarationKind.Protocol } model)
            yield break;
        var reported = new HashSet<(DeclaredTransition, RoleModel)>();
        foreach (var state in model.States)
        {
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if ((transition.Message.IsRefStruct || transition.Message.OnTheWire.IsRefStruct) && reported.Add((declared, transition.Sender)))
                {
                    yield return Diagnostic.Create(
                        ProtocolDiagnostics.RefStructMessage, declared.MessageLocation,
                        transition.Message.Name, transition.Receiver.Name(), state.Name);
                }
            }
        }
    }
}
