using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2019: the code of a message does not fit into the message header.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2019CodeOutOfRange : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.CodeOutOfRange];

    private const int MaxVarint = (1 << 30) - 1;

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var (kind, least, most) = declaration.Kind == DeclarationKind.Handshake ? ("handshake", 0, byte.MaxValue) : ("protocol", 1, MaxVarint);
        return declaration.Transitions
            .Where(transition => transition.Message?.Code is { } code && (code < least || code > most))
            .Select(transition => Diagnostic.Create(ProtocolDiagnostics.CodeOutOfRange, transition.MessageLocation, transition.MessageText, transition.Message!.Code, kind, least, most));
    }
}
