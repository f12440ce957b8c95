using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2028: a message is declared to authenticate its receiver.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2028AuthenticatesWrongRole : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.AuthenticatesWrongRole];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) => declaration.Kind != DeclarationKind.Handshake
        ? []
        : declaration.Transitions
            .Where(transition => transition.Sender is { } sender && transition.Authenticates is { } authenticated && authenticated != sender)
            .Select(transition => Diagnostic.Create(
                ProtocolDiagnostics.AuthenticatesWrongRole, transition.LocationOf("Authenticates"),
                transition.MessageText, transition.Sender!.Value.Name(), transition.Authenticates!.Value.Name()));
}
