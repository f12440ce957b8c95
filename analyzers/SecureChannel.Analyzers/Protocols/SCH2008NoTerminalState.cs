using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2008: no state of a protocol is final, or no state of a handshake is established.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2008NoTerminalState : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.NoTerminalState];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { States.Count: > 0 } model || TerminalStates.Of(model).Any())
            yield break;
        var (marker, advice) = model.Kind == DeclarationKind.Protocol
            ? ("Final", "every session would end as truncated; mark the state in which the protocol ends")
            : ("Established", "application data could never be sent; mark the state in which the handshake is complete");
        yield return Diagnostic.Create(ProtocolDiagnostics.NoTerminalState, declaration.Syntax.Identifier.GetLocation(), model.Name, marker, advice);
    }
}
