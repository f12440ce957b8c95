using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2027: no message of a handshake authenticates the server.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2027NoServerAuthentication : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.NoServerAuthentication];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is { Kind: DeclarationKind.Handshake, States.Count: > 0 } model && TerminalStates.Of(model).Any() && !ServerAuthentication.IsDeclared(model))
            yield return Diagnostic.Create(ProtocolDiagnostics.NoServerAuthentication, declaration.Syntax.Identifier.GetLocation(), model.Name);
    }
}
